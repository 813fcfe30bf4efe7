/** How numbers, dates and durations are written, in the reader's own language settings. */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const utcDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });

export const count = (value: number): string => whole.format(value);
export const amount = (value: number): string => exact.format(value);
export const compact = (value: number): string =>
  Math.abs(value) < 10_000 ? amount(value) : short.format(value);

/** A percentage: 0.04 %, 3.1 %, 42 %. `value` is of 100. */
export function percent(value: number): string {
  const digits = value === 0 || value >= 10 ? 0 : value >= 1 ? 1 : 2;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })}\u202f%`;
}

/** `one` or `many` after the number: "1 user", "3,159 users". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** The day of an instant (ISO 8601), or of a date (YYYY-MM-DD) whatever the reader's zone is. */
export function date(text: string): string {
  const plain = /^\d{4}-\d\d-\d\d$/.test(text);
  return (plain ? utcDay : day).format(new Date(text));
}

export const instant = (text: string): string => moment.format(new Date(text));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 minutes ago", "in 2 days", "now". */
export function ago(text: string, now = Date.now()): string {
  const seconds = (Date.parse(text) - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(Math.trunc(seconds), 'second');
}
