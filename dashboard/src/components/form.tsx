/**
 * Forms: what the server refuses is said beside the field that it names, and nothing typed is lost.
 *
 * The server's sentences are the only rules; a form checks nothing twice.
 */
import { useId, type ReactNode } from 'react';
import {
  FormProvider,
  useFormContext,
  type FieldValues,
  type Path,
  type UseFormReturn,
} from 'react-hook-form';
import { ApiError, asSentence, fieldOf, isAboutInput, sentenceOf } from '@/api/errors';
import { cn } from '@/lib/cn';
import { Button } from './ui/button';
import { Checkbox, Input, Select, Textarea } from './ui/input';
import { Note } from './ui/small';

interface FormProps<T extends FieldValues> {
  form: UseFormReturn<T>;
  /** Sends the values; what it throws is shown. */
  onSubmit: (values: T) => Promise<unknown>;
  /** Names of the server's fields where they are not the form's own: `{ metricId: 'metric' }`. */
  names?: Record<string, Path<T>>;
  children: ReactNode;
  className?: string;
}

export function Form<T extends FieldValues>({ form, onSubmit, names, children, className }: FormProps<T>) {
  return (
    <FormProvider {...form}>
      <form
        noValidate
        className={cn('flex flex-col gap-4', className)}
        onSubmit={(event) => {
          event.stopPropagation();
          form.clearErrors();
          void form.handleSubmit(async (values) => {
            try {
              await onSubmit(values);
            } catch (error) {
              showErrors(form, error, names);
            }
          })(event);
        }}
      >
        {children}
      </form>
    </FormProvider>
  );
}

/** Puts every sentence of a refusal beside its field, the rest above the buttons. */
export function showErrors<T extends FieldValues>(
  form: UseFormReturn<T>,
  error: unknown,
  names: Record<string, Path<T>> = {},
): void {
  const issues =
    error instanceof ApiError && error.issues.length > 0 ? error.issues : [{ message: sentenceOf(error) }];
  const own = Object.keys(form.getValues());
  const known = [...Object.keys(names), ...own];
  const only = own.length === 1 && isAboutInput(error) ? (own[0] ?? null) : null;
  const rest: string[] = [];
  let focused = false;
  for (const issue of issues) {
    const field = fieldOf(issue, known) ?? only;
    const message = asSentence(issue.message);
    if (field === null) {
      rest.push(message);
      continue;
    }
    form.setError(names[field] ?? (field as Path<T>), { type: 'server', message }, { shouldFocus: !focused });
    focused = true;
  }
  if (rest.length > 0) form.setError('root', { type: 'server', message: rest.join(' ') });
}

interface FieldProps {
  name: string;
  label: string;
  hint?: ReactNode;
  className?: string;
}

interface BoxProps extends FieldProps {
  children: (input: { id: string; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode;
}

/** A label, its input, a hint, and the sentence of what is wrong with it. */
export function Field({ name, label, hint, className, children }: BoxProps) {
  const id = useId();
  const { formState, getFieldState } = useFormContext();
  const { error } = getFieldState(name, formState);
  return (
    <div className={cn('flex shrinkable flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-invalid': error !== undefined, 'aria-describedby': `${id}-error ${id}-hint` })}
      <FieldError id={`${id}-error`} message={error?.message} />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-[0.8125rem]/snug text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, message }: { id?: string; message: string | undefined }) {
  return (
    <p
      id={id}
      role={message === undefined ? undefined : 'alert'}
      className="text-[0.8125rem]/snug text-danger empty:hidden"
    >
      {message}
    </p>
  );
}

type InputProps = FieldProps & Omit<React.ComponentProps<'input'>, keyof FieldProps>;

export function TextField({ name, label, hint, className, ...rest }: InputProps) {
  const { register } = useFormContext();
  return (
    <Field name={name} label={label} hint={hint} className={className}>
      {(input) => <Input autoComplete="off" {...rest} {...register(name)} {...input} />}
    </Field>
  );
}

/** A number that is needed, as it is sent: where nothing was typed the server says that it is missing. */
export const needed = (value: number | null): number => value ?? Number.NaN;

/** A number; the form's value is a number, or null where nothing is typed. */
export function NumberField({ name, label, hint, className, ...rest }: InputProps) {
  const { register } = useFormContext();
  const asNumber = (text: unknown) => (text === '' || text === null ? null : Number(text));
  return (
    <Field name={name} label={label} hint={hint} className={className}>
      {(input) => (
        <Input
          inputMode="decimal"
          type="number"
          step="any"
          {...rest}
          {...register(name, { setValueAs: asNumber })}
          {...input}
        />
      )}
    </Field>
  );
}

type AreaProps = FieldProps & Omit<React.ComponentProps<'textarea'>, keyof FieldProps>;

export function TextAreaField({ name, label, hint, className, ...rest }: AreaProps) {
  const { register } = useFormContext();
  return (
    <Field name={name} label={label} hint={hint} className={className}>
      {(input) => <Textarea {...rest} {...register(name)} {...input} />}
    </Field>
  );
}

interface Option {
  value: string;
  label: string;
}

type SelectProps = FieldProps &
  Omit<React.ComponentProps<'select'>, keyof FieldProps> & {
    options: readonly Option[];
    /** Stands first, with an empty value. */
    placeholder?: string;
  };

export function SelectField({ name, label, hint, className, options, placeholder, ...rest }: SelectProps) {
  const { register } = useFormContext();
  return (
    <Field name={name} label={label} hint={hint} className={className}>
      {(input) => (
        <Select {...rest} {...register(name)} {...input}>
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export function CheckboxField({ name, label, hint, className }: FieldProps) {
  const id = useId();
  const { register } = useFormContext();
  return (
    <div className={cn('grid grid-cols-[auto_1fr] items-start gap-x-2.5', className)}>
      <Checkbox id={id} className="mt-1" aria-describedby={`${id}-hint`} {...register(name)} />
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="col-start-2 text-[0.8125rem]/snug text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}

interface ActionsProps {
  submit: string;
  onCancel?: () => void;
  /** More buttons, left of the main one. */
  children?: ReactNode;
  danger?: boolean;
}

/** Ends a form: what went wrong with the whole of it, and its buttons. */
export function FormActions({ submit, onCancel, children, danger }: ActionsProps) {
  const { formState } = useFormContext();
  const root = formState.errors.root?.message;
  return (
    <div className="mt-2 flex flex-col gap-3">
      {root !== undefined && <Note tone="danger">{root}</Note>}
      <div className="flex flex-wrap justify-end gap-2">
        {children}
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={formState.isSubmitting}>
          {submit}
        </Button>
      </div>
    </div>
  );
}
