import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { Button } from './button';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What the dialog is about; read aloud when it opens. */
  description?: ReactNode;
  children: ReactNode;
  className?: string;
}

const OVERLAY = 'fixed inset-0 z-40 bg-[#0b0f0c]/45 animate-appear';

/** A question in the middle of the page. */
export function Dialog(props: Props) {
  return (
    <Shell
      {...props}
      className={cn(
        'inset-x-3 top-[12vh] mx-auto max-h-[80vh] max-w-lg animate-appear rounded-xl border sm:inset-x-0',
        props.className,
      )}
    />
  );
}

/** A panel at the side: for forms and details that leave the page visible. */
export function Sheet(props: Props) {
  return (
    <Shell
      {...props}
      className={cn('inset-y-0 right-0 w-full max-w-lg animate-slide-in border-l', props.className)}
    />
  );
}

function Shell({ open, onOpenChange, title, description, children, className }: Props) {
  const opener = useRef<HTMLElement | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={OVERLAY} />
        <Radix.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          // Opened without a trigger of its own, it would leave the focus nowhere when it closes.
          onOpenAutoFocus={() => {
            opener.current = document.activeElement as HTMLElement | null;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener.current?.focus();
          }}
          className={cn('fixed z-50 flex flex-col overflow-hidden bg-raised shadow-raised', className)}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="shrinkable grow">
              <Radix.Title className="font-display text-xl font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-0.5 text-sm text-soft">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label="Close">
                <X />
              </Button>
            </Radix.Close>
          </div>
          <div className="min-h-0 shrinkable grow overflow-y-auto px-5 pt-1 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
