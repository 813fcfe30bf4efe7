/** What can go wrong with a call, always with a sentence for the reader. */

export interface Issue {
  severity: 'error' | 'warning';
  message: string;
  index?: number;
  id?: string;
  userId?: string;
  field?: string;
}

export const UNREACHABLE = 'The server cannot be reached. Check your connection and try again.';

/** A refused call: the server's sentence, and the issues of a batch where it had some. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly issues: readonly Issue[];
  /** Seconds to wait before asking again, where the server said so. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    code: string,
    sentence: string,
    issues: readonly Issue[] = [],
    retryAfter: number | null = null,
  ) {
    super(sentence);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.issues = issues;
    this.retryAfter = retryAfter;
  }
}

interface Body {
  error?: string;
  code?: string;
  issues?: Issue[];
}

/** Reads the error that a response is. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Body;
  const sentence = body.error ?? `The server answered with the status ${response.status}. Try again.`;
  const after = Number(response.headers.get('Retry-After'));
  return new ApiError(response.status, body.code ?? 'unknown', sentence, body.issues ?? [], after || null);
}

const CHOOSE_TENANT = 'Users, events and figures belong to one tenant. Choose one in the navigation.';

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'missing_tenant') return CHOOSE_TENANT; // a header is no word for people
  return error instanceof ApiError
    ? error.message
    : 'Something went wrong in this page. Reload it and try again.';
}

/** Gives a batch call's answer back, or throws what kept its items from being done. */
export function expectDone<T extends { issues: readonly Issue[] }>(answer: T): T {
  const errors = answer.issues.filter((issue) => issue.severity === 'error');
  const first = errors[0];
  if (first === undefined) return answer;
  throw new ApiError(422, 'issues', asSentence(first.message), errors);
}

/** Ends a message with a full stop. */
export function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** Whether what was typed was refused, and not the call or the caller. */
export function isAboutInput(error: unknown): boolean {
  return error instanceof ApiError && [404, 409, 422].includes(error.status);
}

/** Of `a.b[0].c`: itself, or the nearest of what holds it, that the form has. */
function nearest(path: string, fields: readonly string[]): string | null {
  const whole = path.replace(/\[(\d+)\]/g, '.$1');
  for (let held = whole; held !== ''; held = held.slice(0, Math.max(0, held.lastIndexOf('.')))) {
    if (fields.includes(held)) return held;
  }
  const last = whole.slice(whole.lastIndexOf('.') + 1);
  return fields.includes(last) ? last : null;
}

/** One sentence, and the field it belongs to: the one it is about, or names first, of those the form has. */
export function fieldOf(issue: Pick<Issue, 'message' | 'field'>, fields: readonly string[]): string | null {
  if (issue.field !== undefined) return nearest(issue.field, fields);
  const places = fields
    .map((field) => ({ field, at: issue.message.search(new RegExp(`\\b${field}\\b`)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || b.field.length - a.field.length);
  return places[0]?.field ?? null;
}
