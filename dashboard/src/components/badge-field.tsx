import { ImageUp, Trash2 } from 'lucide-react';
import { lazy, Suspense, useId, useRef, useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { upload } from '@/api/client';
import { sentenceOf } from '@/api/errors';
import { cn } from '@/lib/cn';
import { AchievementBadge } from './achievement-badge';
import { FieldError } from './form';
import { Button } from './ui/button';
import { Input } from './ui/input';

const CropDialog = lazy(() => import('./crop-dialog'));
const KINDS = 'image/png,image/jpeg,image/webp,image/gif';

interface Props {
  /** The form's field: the address, empty where there is none. */
  name: string;
  label?: string;
}

/** An image: dropped here, chosen, pasted, or by the address it has elsewhere. */
export function BadgeField({ name, label = 'Badge' }: Props) {
  const id = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const { register, watch, setValue, setError, clearErrors, formState, getFieldState } =
    useFormContext<Record<string, string>>();
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [cropped, setCropped] = useState<File | null>(null);
  const url = watch(name);
  const { ref: focusable } = register(name);
  const error = getFieldState(name, formState).error?.message;
  const put = (next: string) => {
    clearErrors(name);
    setValue(name, next, { shouldDirty: true });
  };
  const take = (file: File | undefined) => {
    clearErrors(name);
    if (file === undefined) return;
    if (KINDS.split(',').includes(file.type)) setCropped(file);
    else setError(name, { message: 'It must be a PNG, JPEG, WebP or GIF image. Choose one of those.' });
  };
  const send = async (image: Blob) => {
    setCropped(null);
    setBusy(true);
    try {
      put((await upload(image)).url);
    } catch (cause) {
      setError(name, { message: sentenceOf(cause) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div
        className={cn(
          'flex flex-wrap items-center gap-4 rounded-lg border border-dashed border-line-strong p-4 transition-colors',
          over && 'border-accent bg-accent-soft',
        )}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
        onPaste={(event) => {
          const file = event.clipboardData.files[0];
          if (file !== undefined) take(file);
        }}
      >
        <AchievementBadge url={url} name={label} className={cn('size-16', busy && 'animate-pulse')} />
        <div className="shrinkable grow basis-56">
          <p className="text-sm text-soft">
            Drop an image here, or choose one. PNG, JPEG, WebP or GIF, at most 5 MB.
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button size="sm" busy={busy} onClick={() => chooser.current?.click()}>
              <ImageUp /> Choose an image
            </Button>
            {url !== '' && (
              <Button size="sm" variant="ghost" onClick={() => put('')}>
                <Trash2 /> Remove
              </Button>
            )}
          </div>
        </div>
        <input
          ref={chooser}
          type="file"
          accept={KINDS}
          aria-label={`${label}: choose an image`}
          hidden
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <Input
        id={id}
        ref={focusable}
        type="url"
        inputMode="url"
        placeholder="Or its address: https://…"
        autoComplete="off"
        value={url}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error`}
        onChange={(event) => put(event.target.value)}
      />
      <FieldError id={`${id}-error`} message={error} />
      {cropped && (
        <Suspense>
          <CropDialog file={cropped} onDone={(image) => void send(image)} onClose={() => setCropped(null)} />
        </Suspense>
      )}
    </div>
  );
}
