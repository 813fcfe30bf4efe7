import type { ReactNode } from 'react';
import { Wordmark } from '@/layout/logo';

interface Props {
  title: string;
  hint?: ReactNode;
  children?: ReactNode;
}

/** The page of those who are not in yet. */
export function Frame({ title, hint, children }: Props) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <title>{`${title} · Plaudit`}</title>
      <div className="w-full max-w-sm">
        <div className="mb-8">
          <Wordmark />
        </div>
        <h1 className="font-display text-2xl font-semibold">{title}</h1>
        {hint !== undefined && <p className="mt-1 text-soft">{hint}</p>}
        {children !== undefined && <div className="mt-6">{children}</div>}
      </div>
    </main>
  );
}
