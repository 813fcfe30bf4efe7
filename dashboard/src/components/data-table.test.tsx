import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ApiError } from '@/api/errors';
import { DataTable, type Column } from './data-table';

interface Row {
  name: string;
  size: number | null;
}

const COLUMNS: readonly Column<Row>[] = [
  { id: 'name', header: 'Name', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'size', header: 'Size', right: true, cell: (row) => row.size, sort: (row) => row.size },
];
const ROWS: Row[] = [
  { name: 'b10', size: 2 },
  { name: 'b9', size: null },
  { name: 'a', size: 10 },
];

const show = (rows: Row[] | undefined, rest = {}) =>
  render(
    <DataTable
      label="Things"
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => row.name}
      empty="Nothing"
      {...rest}
    />,
  );
const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[0]?.textContent);

it('sorts by a column, the other way round at the second click, nothing last', async () => {
  const user = userEvent.setup();
  show(ROWS);
  expect(names()).toEqual(['b10', 'b9', 'a']);
  await user.click(screen.getByRole('button', { name: 'Name' }));
  expect(names()).toEqual(['a', 'b9', 'b10']);
  await user.click(screen.getByRole('button', { name: 'Size' }));
  expect(names()).toEqual(['a', 'b10', 'b9']);
  await user.click(screen.getByRole('button', { name: 'Size' }));
  expect(names()).toEqual(['b10', 'a', 'b9']);
  expect(screen.getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('ascending');
});

it('shows what stands for nothing, a skeleton while rows are awaited, and why they do not come', () => {
  const { rerender } = show([]);
  expect(screen.getByText('Nothing')).toBeTruthy();
  const table = (rest: object) => (
    <DataTable
      label="Things"
      columns={COLUMNS}
      rows={undefined}
      rowKey={(row) => row.name}
      empty="Nothing"
      {...rest}
    />
  );
  rerender(table({}));
  expect(screen.getByRole('table').getAttribute('aria-busy')).toBe('true');
  rerender(table({ error: new ApiError(503, 'busy', 'The database is away.') }));
  expect(screen.getByRole('alert').textContent).toContain('The database is away.');
});

it('reads on, and opens a row', async () => {
  const user = userEvent.setup();
  const load = vi.fn();
  const onRow = vi.fn();
  show(ROWS, { more: { load, loading: false }, onRow });
  await user.click(screen.getByRole('button', { name: 'Show more' }));
  await user.click(screen.getByRole('button', { name: 'b9' }));
  expect(load).toHaveBeenCalledOnce();
  expect(onRow).toHaveBeenCalledWith(ROWS[1]);
});
