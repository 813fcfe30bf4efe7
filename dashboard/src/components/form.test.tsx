import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useForm } from 'react-hook-form';
import { expect, it } from 'vitest';
import { ApiError } from '@/api/errors';
import { Form, FormActions, NumberField, TextField } from './form';

function Example({ refusal, sent }: { refusal: ApiError | null; sent?: unknown[] }) {
  const form = useForm({ defaultValues: { name: '', value: null as number | null } });
  return (
    <Form
      form={form}
      names={{ metricValue: 'value' }}
      onSubmit={(values) => {
        sent?.push(values);
        return refusal === null ? Promise.resolve() : Promise.reject(refusal);
      }}
    >
      <TextField name="name" label="Name" hint="As users read it." />
      <NumberField name="value" label="Value" />
      <FormActions submit="Save" />
    </Form>
  );
}

const refused = (message: string, field?: string) =>
  new ApiError(422, 'issues', message, [
    { severity: 'error', message, ...(field !== undefined && { field }) },
  ]);

async function fillIn() {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText('Name'), 'A thousand');
  await user.type(screen.getByLabelText('Value'), '12.5');
  await user.click(screen.getByRole('button', { name: 'Save' }));
}

it('sends what was typed, numbers as numbers', async () => {
  const sent: unknown[] = [];
  render(<Example refusal={null} sent={sent} />);
  await fillIn();
  expect(sent).toEqual([{ name: 'A thousand', value: 12.5 }]);
});

it("shows the server's sentence beside its field and keeps what was typed", async () => {
  render(<Example refusal={refused('metricValue must be more than 0')} />);
  await fillIn();
  const field = screen.getByLabelText<HTMLInputElement>('Value');
  expect(await screen.findByText('metricValue must be more than 0.')).toBeTruthy();
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('A thousand');
  expect(field.value).toBe('12.5');
  expect(document.activeElement).toBe(field);
});

it('shows a sentence that names no field above the buttons', async () => {
  render(<Example refusal={new ApiError(403, 'role', 'Only editors may do this.')} />);
  await fillIn();
  expect((await screen.findByRole('alert')).textContent).toBe('Only editors may do this.');
});
