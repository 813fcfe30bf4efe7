import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FREE = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);

interface Locked {
  packages: Record<string, { dev?: boolean; optional?: boolean; license?: string }>;
}

it('ships nothing whose licence asks for more than its notice', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Locked;
  const others = Object.entries(packages).filter(
    ([name, it]) => name !== '' && it.dev !== true && !FREE.has(it.license ?? ''),
  );
  expect(others.map(([name, it]) => `${name}: ${it.license}`)).toEqual([]);
});
