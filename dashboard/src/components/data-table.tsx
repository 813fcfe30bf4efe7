import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { cn } from '@/lib/cn';
import { Failure } from './blocks';
import { Button } from './ui/button';
import { Skeleton } from './ui/small';

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Makes the column sortable, by this; nothing sorts last. */
  sort?: (row: T) => string | number | null;
  right?: boolean;
  /** Left out on phones; the first column should say enough there. */
  wide?: boolean;
  /** A fixed width, such as `w-32`; the others share what is left. */
  width?: string;
}

interface Sorting {
  id: string;
  down: boolean;
}

interface Props<T> {
  /** Names the table for those who hear it. */
  label: string;
  columns: readonly Column<T>[];
  /** Undefined while they are on their way. */
  rows: readonly T[] | undefined;
  rowKey: (row: T) => string;
  /** Where a row leads; its first cell becomes the link, the whole row takes the click. */
  rowTo?: (row: T) => string;
  /** What a click on a row does where it leads nowhere; its first cell becomes the button. */
  onRow?: (row: T) => void;
  empty: ReactNode;
  error?: unknown;
  retry?: () => void;
  sorted?: Sorting;
  /** Rows of the skeleton. */
  expected?: number;
  /** There is another page; what reads it. */
  more?: { load: () => void; loading: boolean } | undefined;
}

/** A list: sorted in the page, read on by cursor, with a skeleton, an empty state and failures. */
export function DataTable<T>(props: Props<T>) {
  const { rows, error, empty, retry } = props;
  if (rows === undefined && error !== undefined && error !== null) {
    return <Failure error={error} {...(retry && { retry })} />;
  }
  if (rows?.length === 0) return empty;
  return <Filled {...props} />;
}

function Filled<T>({ label, columns, rows, rowKey, rowTo, onRow, sorted, expected = 8, more }: Props<T>) {
  const [sorting, setSorting] = useState<Sorting | null>(sorted ?? null);
  const ordered = useMemo(() => order(rows, columns, sorting), [rows, columns, sorting]);
  return (
    <>
      <div className="overflow-x-auto" role="region" aria-label={label} tabIndex={-1}>
        <table className="w-full text-left text-sm" aria-busy={rows === undefined}>
          <thead>
            <tr className="border-b">
              {columns.map((column) => (
                <Head
                  key={column.id}
                  column={column}
                  sorting={sorting?.id === column.id ? sorting : null}
                  onSort={() =>
                    setSorting(
                      sorting?.id === column.id
                        ? { id: column.id, down: !sorting.down }
                        : { id: column.id, down: column.right === true },
                    )
                  }
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered === undefined
              ? Array.from({ length: expected }, (_, index) => <Ghost key={index} columns={columns} />)
              : ordered.map((row) => (
                  <tr
                    key={rowKey(row)}
                    className={cn(
                      'relative border-b last:border-b-0',
                      (rowTo ?? onRow) && 'transition-colors hover:bg-sunken/70',
                    )}
                  >
                    {columns.map((column, index) => (
                      <td key={column.id} className={cellClass(column, index)}>
                        {index === 0 ? (
                          <Lead row={row} rowTo={rowTo} onRow={onRow} cell={column.cell} />
                        ) : (
                          column.cell(row)
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
      {more && (
        <div className="flex justify-center border-t p-3">
          <Button size="sm" onClick={more.load} busy={more.loading}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

const COVER = 'font-medium text-ink after:absolute after:inset-0';

/** Buttons and links in other cells stay above the row's own link by `relative`. */
function Lead<T>({
  row,
  rowTo,
  onRow,
  cell,
}: Pick<Props<T>, 'rowTo' | 'onRow'> & { row: T; cell: (row: T) => ReactNode }) {
  if (rowTo) {
    return (
      <Link to={rowTo(row)} className={cn(COVER, 'block')}>
        {cell(row)}
      </Link>
    );
  }
  if (onRow) {
    return (
      <button type="button" className={cn(COVER, 'block w-full text-left')} onClick={() => onRow(row)}>
        {cell(row)}
      </button>
    );
  }
  return cell(row);
}

function Head<T>({
  column,
  sorting,
  onSort,
}: {
  column: Column<T>;
  sorting: Sorting | null;
  onSort: () => void;
}) {
  const direction = sorting === null ? 'none' : sorting.down ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      aria-sort={column.sort ? direction : undefined}
      className={cn(cellClass(column), 'py-2! text-[0.8125rem] font-medium text-soft', column.width)}
    >
      {column.sort ? (
        <button type="button" className="inline-flex items-center gap-1 hover:text-ink" onClick={onSort}>
          {column.header}
          {sorting !== null &&
            (sorting.down ? <ArrowDown className="size-3.5" /> : <ArrowUp className="size-3.5" />)}
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

function Ghost<T>({ columns }: { columns: readonly Column<T>[] }) {
  return (
    <tr className="border-b last:border-b-0">
      {columns.map((column, index) => (
        <td key={column.id} className={cellClass(column)}>
          <Skeleton className={cn('h-4', index === 0 ? 'w-40' : 'w-16', column.right && 'ml-auto')} />
        </td>
      ))}
    </tr>
  );
}

function cellClass<T>(column: Column<T>, index = 0): string {
  return cn(
    'px-3 py-2.5 align-middle first:pl-5 last:pr-5',
    column.right && 'text-right tabular-nums',
    column.wide && 'max-md:hidden',
    index > 0 && '[&_a]:relative [&_a]:z-1 [&_button]:relative [&_button]:z-1',
  );
}

function order<T>(rows: readonly T[] | undefined, columns: readonly Column<T>[], sorting: Sorting | null) {
  const by = columns.find((column) => column.id === sorting?.id)?.sort;
  if (rows === undefined || by === undefined || sorting === null) return rows;
  const sign = sorting.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (typeof x === 'string' && typeof y === 'string')
      return sign * x.localeCompare(y, undefined, { numeric: true });
    return x === y ? 0 : x < y ? -sign : sign;
  });
}
