import { TextField } from '@/components/form';

export function PasswordField({ label = 'Password' }: { label?: string }) {
  return (
    <TextField
      name="password"
      label={label}
      type="password"
      autoComplete="new-password"
      hint="At least 12 characters. A few words that do not belong together are good."
    />
  );
}
