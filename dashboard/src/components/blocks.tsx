/** The small pieces that pages are put together from. */
import type { UseQueryResult } from '@tanstack/react-query';
import { Check, ChevronLeft, Copy, RotateCw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { ApiError } from '@/api/errors';
import { sentenceOf } from '@/api/errors';
import { cn } from '@/lib/cn';
import { ago, instant } from '@/lib/format';
import { Button } from './ui/button';
import { Note } from './ui/small';

interface HeaderProps {
  title: string;
  /** One sentence on what the page is for, or the state of what it shows. */
  hint?: ReactNode;
  /** Where this page belongs, one level up. */
  back?: { to: string; label: string };
  /** Badge or picture before the title. */
  picture?: ReactNode;
  /** What can be done here; the main thing last. */
  children?: ReactNode;
}

/** Opens every page: sets the window's title too. */
export function PageHeader({ title, hint, back, picture, children }: HeaderProps) {
  return (
    <header className="mb-6">
      <title>{`${title} · Plaudit`}</title>
      {back && (
        <Link
          to={back.to}
          className="mb-1 -ml-1 inline-flex items-center gap-0.5 text-sm text-soft hover:text-ink"
        >
          <ChevronLeft className="size-4" /> {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="flex shrinkable items-center gap-4">
          {picture}
          <div className="shrinkable">
            <h1 className="font-display text-[1.75rem]/tight font-semibold tracking-[-0.01em] break-words">
              {title}
            </h1>
            {hint !== undefined && <div className="mt-1 max-w-[62ch] text-soft">{hint}</div>}
          </div>
        </div>
        {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
      </div>
    </header>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  /** What to do about it. */
  action?: ReactNode;
  picture?: ReactNode;
  className?: string;
}

/** What stands where nothing is yet: what would be here, and how it gets here. */
export function EmptyState({ title, children, action, picture, className }: EmptyProps) {
  return (
    <div className={cn('flex flex-col items-center px-6 py-12 text-center', className)}>
      {picture !== undefined && <div className="mb-3 text-line-strong [&_svg]:size-9">{picture}</div>}
      <p className="font-display text-lg font-semibold">{title}</p>
      {children !== undefined && <div className="mt-1 max-w-[46ch] text-sm text-soft">{children}</div>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T, ApiError>;
  /** Of the size of what will come. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** Shows what was read; until then its skeleton, or the sentence that says why it is not there. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      {skeleton}
    </div>
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Note tone="danger" className="m-4 flex flex-wrap items-center justify-between gap-3">
      <span>{sentenceOf(error)}</span>
      {retry && (
        <Button size="sm" onClick={retry}>
          <RotateCw /> Try again
        </Button>
      )}
    </Note>
  );
}

/** Copies a text, and says so. */
export function CopyButton({
  text,
  label = 'Copy',
  children,
}: {
  text: string;
  label?: string;
  children?: ReactNode;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      size={children === undefined ? 'icon-sm' : 'sm'}
      variant={children === undefined ? 'ghost' : 'secondary'}
      aria-label={copied ? 'Copied' : label}
      onClick={async () => {
        await navigator.clipboard.writeText(text);
        setCopied(true);
      }}
    >
      {copied ? <Check className="text-accent" /> : <Copy />}
      {children}
    </Button>
  );
}

/** "3 minutes ago", with the exact time on hover; renews itself. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={instant(at)} className={cn('whitespace-nowrap', className)}>
      {ago(at)}
    </time>
  );
}

/** JSON to read and to copy. */
export function JsonView({ value, className }: { value: unknown; className?: string }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <div className={cn('relative rounded-lg border bg-sunken', className)}>
      <pre
        tabIndex={0}
        className="max-h-96 overflow-auto p-3 pr-11 font-mono text-[0.8125rem]/relaxed break-words whitespace-pre-wrap"
      >
        {text}
      </pre>
      <div className="absolute top-1.5 right-1.5">
        <CopyButton text={text} label="Copy the JSON" />
      </div>
    </div>
  );
}

/** A name for programs: keys, ids. */
export function Code({ children }: { children: ReactNode }) {
  return (
    <code className="rounded bg-sunken px-1 py-px font-mono text-[0.8125rem] break-all">{children}</code>
  );
}

interface FigureProps {
  label: string;
  value: ReactNode;
  hint?: ReactNode;
}

/** A number that matters, large. */
export function Figure({ label, value, hint }: FigureProps) {
  return (
    <div className="shrinkable px-5 py-4">
      <p className="text-sm text-soft">{label}</p>
      <p className="mt-0.5 figure text-[1.75rem]/tight">{value}</p>
      {hint !== undefined && <p className="mt-0.5 text-xs text-soft">{hint}</p>}
    </div>
  );
}
