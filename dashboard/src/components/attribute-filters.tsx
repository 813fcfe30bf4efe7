/** Which users or events a rule is for: attributes and the values they must have. */
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAll } from '@/api/hooks';
import { FieldError } from './form';
import { Button } from './ui/button';
import { Input, Select } from './ui/input';

export type Filter = Schemas['AttributeFilter'];

interface Props {
  /** The form's field: a list of filters. */
  name: string;
  label: string;
  type: Schemas['AttributeType'];
  /** What holds while there is none. */
  hint: string;
}

export function AttributeFilters({ name, label, type, hint }: Props) {
  const id = useId();
  const { control, register, formState, getFieldState } = useFormContext<Record<string, Filter[]>>();
  const { fields, append, remove } = useFieldArray({ control, name });
  const listed = useAll('/attributes').data;
  const attributes = listed?.filter((each) => each.type === type) ?? [];
  const { error } = getFieldState(name, formState);
  return (
    <fieldset className="flex shrinkable flex-col gap-2" aria-describedby={`${id}-hint`}>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {fields.map((field, index) => (
        <div key={field.id} className="flex items-center gap-2">
          <Select
            aria-label={`${label}: attribute ${index + 1}`}
            {...register(`${name}.${index}.attributeId`)}
          >
            {attributes.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </Select>
          <span className="shrink-0 text-sm text-soft">is</span>
          <Input
            aria-label={`${label}: value ${index + 1}`}
            autoComplete="off"
            aria-invalid={error !== undefined}
            {...register(`${name}.${index}.attributeValue`)}
          />
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Remove condition ${index + 1}`}
            onClick={() => remove(index)}
          >
            <X />
          </Button>
        </div>
      ))}
      <FieldError message={error?.message ?? error?.root?.message} />
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          size="sm"
          disabled={attributes.length === 0}
          onClick={() => append({ attributeId: attributes[0]?.id ?? '', attributeValue: '' })}
        >
          <Plus /> Add a condition
        </Button>
        <p id={`${id}-hint`} className="text-[0.8125rem]/snug text-soft">
          {fields.length === 0 ? hint : 'All of them must hold.'}
          {listed !== undefined && attributes.length === 0 && (
            <>
              {' '}
              <Link to="/attributes" className="text-accent underline underline-offset-2">
                Declare {type === 'user' ? 'a user' : 'an event'} attribute
              </Link>{' '}
              to narrow it.
            </>
          )}
        </p>
      </div>
    </fieldset>
  );
}

/** A list of filters in a line: "Plan is pro, Country is NO". */
export function FiltersText({ filters, none }: { filters: readonly Filter[] | undefined; none: string }) {
  const attributes = useAll('/attributes').data ?? [];
  if (filters === undefined || filters.length === 0) return <span className="text-soft">{none}</span>;
  const named = filters.map((filter) => {
    const attribute = attributes.find((each) => each.id === filter.attributeId);
    return `${attribute?.name ?? 'Attribute'} is ${filter.attributeValue}`;
  });
  return named.join(', ');
}
