/** A badge by its address, or uploaded: dropped on the field or chosen. */
import { Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { call } from '@/api/client';
import { sentenceOf } from '@/api/errors';
import { cn } from '@/lib/cn';
import { AchievementBadge } from './achievement-badge';
import { Field } from './form';
import { Button } from './ui/button';
import { Input } from './ui/input';

const KINDS = 'image/png,image/jpeg,image/webp,image/gif';

interface Props {
  /** The form's field: the address, empty for none. */
  name: string;
  label?: string;
  /** What the badge is of. */
  subject: string;
}

export function BadgeField({ name, label = 'Badge', subject }: Props) {
  const { register, setValue, setError, clearErrors } = useFormContext();
  const url = useWatch({ name }) as string;
  const chooser = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    clearErrors(name);
    try {
      // The body is the file itself; the document calls it a string of bytes.
      const body = file as unknown as string;
      const headers = { 'Content-Type': 'application/octet-stream' };
      const stored = await call('post', '/badges', { body, headers, bodySerializer: (file) => file });
      setValue(name, stored.url, { shouldDirty: true });
    } catch (error) {
      setError(name, { type: 'server', message: sentenceOf(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div
      role="group"
      aria-label={label}
      className={cn('flex items-start gap-3 rounded-lg', over && 'outline-2 outline-offset-4 outline-accent')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer.files[0]);
      }}
    >
      <AchievementBadge url={url} name={subject} className="mt-6 size-14" />
      <Field
        name={name}
        label={label}
        hint="Drop an image here, choose one, or give an address. PNG, JPEG, WebP or GIF, at most 5 MB."
        className="grow"
      >
        {(input) => (
          <div className="flex gap-2">
            <Input type="url" placeholder="https://…" autoComplete="off" {...register(name)} {...input} />
            <Button busy={busy} onClick={() => chooser.current?.click()}>
              <Upload /> Choose
            </Button>
            <input
              ref={chooser}
              type="file"
              accept={KINDS}
              className="hidden"
              aria-label={`${label}: an image`}
              onChange={(event) => {
                void take(event.target.files?.[0]);
                event.target.value = '';
              }}
            />
          </div>
        )}
      </Field>
    </div>
  );
}
