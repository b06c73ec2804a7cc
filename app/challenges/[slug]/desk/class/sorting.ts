// What of the class is shown and in which order, as the address asks. Pure.
import type { ClassColumn } from '@/lib/monitoring/class-columns';
import type { ClassRow } from '@/lib/monitoring/class';

export type Asked = { sort?: string; order?: string; q?: string; flagged?: string };
/** `key` is a column's, or `name`. */
export type Sorting = { key: string; order: 'asc' | 'desc' };

/** Names go up, accuracies down, unless asked otherwise. An unknown column is the primary metric, or the first there is. */
export function sortingOf({ sort, order }: Asked, columns: readonly ClassColumn[], primary: string): Sorting {
  const has = (key: string | undefined) => columns.some((column) => column.key === key);
  const key = sort === 'name' || has(sort) ? sort! : has(primary) ? primary : (columns[0]?.key ?? 'name');
  const usual = key === 'name' ? 'asc' : 'desc';
  return { key, order: order === 'asc' || order === 'desc' ? order : usual };
}

export function matching(rows: readonly ClassRow[], { q = '', flagged }: Asked): ClassRow[] {
  const wanted = q.trim().toLowerCase();
  return rows.filter(
    ({ name, section, flags }) =>
      (!flagged || flags > 0) && (wanted === '' || name.toLowerCase().includes(wanted) || section?.toLowerCase() === wanted),
  );
}

/** What is missing stands last in either order. */
export function sorted(rows: readonly ClassRow[], { key, order }: Sorting): ClassRow[] {
  const sign = order === 'asc' ? 1 : -1;
  if (key === 'name') return rows.toSorted((a, b) => sign * a.name.localeCompare(b.name));
  return rows.toSorted((a, b) => {
    const [x, y] = [a.values.get(key), b.values.get(key)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined) || a.name.localeCompare(b.name);
    return sign * (x - y) || a.name.localeCompare(b.name);
  });
}
