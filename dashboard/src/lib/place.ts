/**
 * Where the dashboard acts stands in the address: `/e/<environment>`, and `/t/<tenant>` after it where
 * there are tenants. So every page can be shared, and two windows can look at two places.
 */
export interface Place {
  environment: string | null;
  tenant: string | null;
  /** What the router takes off every path. */
  base: string;
  /** The page within the place. */
  rest: string;
}

export function placeOf(path: string): Place {
  const found = /^\/e\/([^/]+)(?:\/t\/([^/]+))?(\/.*)?$/.exec(path);
  if (found === null) return { environment: null, tenant: null, base: '', rest: path };
  const [, environment = '', tenant, rest = '/'] = found;
  return {
    environment: decodeURIComponent(environment),
    tenant: tenant === undefined ? null : decodeURIComponent(tenant),
    base: path.slice(0, path.length - (found[3] ?? '').length),
    rest,
  };
}

/** The address of a page in a place. */
export function pathIn(environment: string, tenant: string | null, rest = '/'): string {
  const inside = tenant === null ? '' : `/t/${encodeURIComponent(tenant)}`;
  return `/e/${encodeURIComponent(environment)}${inside}${rest}`;
}
