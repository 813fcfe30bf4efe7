/** What a list is narrowed by; it stands in the address, so that what is shown can be shared. */
import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from './ui/button';
import { Input, Select } from './ui/input';

export interface FilterField {
  /** Its name in the address. */
  name: string;
  label: string;
  /** Makes it a choice; otherwise something is typed. */
  options?: readonly { value: string; label: string }[];
  /** The choice of nothing. */
  any?: string;
  type?: 'date';
  placeholder?: string;
}

const TYPING = 350;

export function Filters({
  fields,
  children,
}: {
  fields: readonly FilterField[];
  children?: React.ReactNode;
}) {
  const [query, setQuery] = useSearchParams();
  const set = (name: string, value: string) =>
    setQuery(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  const used = fields.some((field) => query.has(field.name));
  return (
    <div className="flex flex-wrap items-end gap-3 border-b px-5 pt-3 pb-4">
      {fields.map((field) => (
        <One
          key={field.name}
          field={field}
          value={query.get(field.name) ?? ''}
          onChange={(value) => set(field.name, value)}
        />
      ))}
      {used && (
        <Button
          variant="ghost"
          onClick={() =>
            setQuery(
              (before) => {
                for (const field of fields) before.delete(field.name);
                return before;
              },
              { replace: true },
            )
          }
        >
          <X /> Clear
        </Button>
      )}
      {children}
    </div>
  );
}

interface OneProps {
  field: FilterField;
  value: string;
  onChange: (value: string) => void;
}

function One({ field, value, onChange }: OneProps) {
  const id = useId();
  return (
    <div className="flex w-[calc(50%-0.375rem)] flex-col gap-1 sm:w-40">
      <label htmlFor={id} className="text-[0.8125rem] text-soft">
        {field.label}
      </label>
      {field.options === undefined ? (
        <Typed key={field.name} id={id} field={field} value={value} onChange={onChange} />
      ) : (
        <Select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{field.any ?? 'All'}</option>
          {value !== '' && !field.options.some((option) => option.value === value) && (
            <option value={value}>{value}</option>
          )}
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

/** Asks when the typing rests; takes the address's value when that changes from elsewhere. */
function Typed({ id, field, value, onChange }: OneProps & { id: string }) {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  if (value !== before) {
    setBefore(value);
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), TYPING);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <Input
      id={id}
      type={field.type ?? 'text'}
      value={text}
      placeholder={field.placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
