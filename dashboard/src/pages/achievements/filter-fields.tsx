import { Plus, X } from 'lucide-react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { Link } from 'react-router';
import { useAll } from '@/api/hooks';
import { FieldError } from '@/components/form';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/input';
import type { Values } from './model';

interface Props {
  name: 'userAttributes' | 'eventAttributes';
  label: string;
  hint: string;
}

/** Attributes and the values they must have; none means that everybody, or everything, counts. */
export function FilterFields({ name, label, hint }: Props) {
  const { control, register, formState } = useFormContext<Values>();
  const { fields, append, remove } = useFieldArray({ control, name });
  const type = name === 'userAttributes' ? 'user' : 'event';
  const attributes = useAll('/attributes').data?.filter((each) => each.type === type);
  const error = formState.errors[name];
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <p className="text-[0.8125rem]/snug text-soft">
        {hint}{' '}
        {attributes?.length === 0 && (
          <>
            No {type} attribute is declared yet:{' '}
            <Link to="/attributes" className="text-accent underline underline-offset-2">
              declare one
            </Link>
            .
          </>
        )}
      </p>
      {fields.map((field, index) => (
        <div key={field.id} className="flex items-center gap-2">
          <Select
            aria-label={`${label}: attribute ${index + 1}`}
            className="basis-2/5"
            {...register(`${name}.${index}.attributeId`)}
          >
            <option value="">Choose an attribute</option>
            {attributes?.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </Select>
          <span className="text-sm text-soft">is</span>
          <Input
            aria-label={`${label}: value ${index + 1}`}
            autoComplete="off"
            {...register(`${name}.${index}.attributeValue`)}
          />
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove attribute ${index + 1}`}
            onClick={() => remove(index)}
          >
            <X />
          </Button>
        </div>
      ))}
      <FieldError message={error?.message ?? error?.root?.message} />
      {attributes !== undefined && fields.length < attributes.length && (
        <Button
          size="sm"
          className="self-start"
          onClick={() =>
            append({
              attributeId: attributes.length === 1 ? (attributes[0]?.id ?? '') : '',
              attributeValue: '',
            })
          }
        >
          <Plus /> Add a condition
        </Button>
      )}
    </fieldset>
  );
}
