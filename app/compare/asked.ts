// What the address of a comparison asks for, and the addresses of others. The state of the view lives there alone.
import { phaseOf, type PhaseKind } from '@/app/ui/phase-switch';

export type Query = Record<string, string | string[] | undefined>;

export type Asked = {
  /** Ids, each once, in the order of their letters. */
  of: string[];
  phase: PhaseKind;
  /** Id of the submission that the others are set against; the last where none is named. */
  against?: string;
  /** Id of the one whose map and images are shown. */
  show?: string;
  sort: 'family' | 'size';
  /** Trial whose images are looked at. */
  cell?: string;
  page?: number;
  /** Slug whose submissions are offered. */
  challenge?: string;
  /** Whether to choose anew although there are enough. */
  pick: boolean;
};

export function askedOf(query: Query): Asked {
  const text = (name: string) => {
    const value = [query[name]].flat().at(-1)?.trim();
    return value === '' ? undefined : value;
  };
  return {
    of: [...new Set([query.of ?? []].flat().map((id) => id.trim()).filter((id) => id !== ''))],
    phase: phaseOf(text('phase')),
    against: text('against'),
    show: text('show'),
    sort: text('sort') === 'size' ? 'size' : 'family',
    cell: text('cell'),
    page: Number(text('page')) || undefined,
    challenge: text('challenge'),
    pick: text('pick') !== undefined,
  };
}

/** Every part but what is usual. */
export function compareAddress({ of, phase = 'public', against, show, sort = 'family', cell, page, challenge, pick }: Partial<Asked> & Pick<Asked, 'of'>): string {
  const query = new URLSearchParams(of.map((id) => ['of', id]));
  const rest = {
    challenge, phase: phase === 'final' ? phase : undefined, against, show, sort: sort === 'size' ? sort : undefined, cell,
    page: page && page > 1 ? String(page) : undefined, pick: pick ? '1' : undefined,
  };
  for (const [name, value] of Object.entries(rest)) if (value) query.set(name, value);
  return query.size > 0 ? `/compare?${query}` : '/compare';
}
