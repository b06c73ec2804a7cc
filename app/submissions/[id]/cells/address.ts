// Where a cell's page is, and what an address asks of it.
import { phaseQuery, type PhaseKind } from '@/app/ui/phase-switch';
import type { CellQuery } from '@/lib/evaluations/cell';

/** The id of a trial as the rest of a path: its slashes stay, so that the address can be read. */
const pathOf = (trialId: string) => trialId.split('/').map((part) => encodeURIComponent(part).replaceAll('%40', '@')).join('/');

/** `asked` is what is looked for among the images. */
export function cellAddress(submissionId: string, trialId: string, { phase = 'public', ...asked }: CellQuery = {}): string {
  const said = Object.entries(asked).filter(([name, value]) => value !== undefined && !(name === 'page' && value === 1));
  const more = said.map(([name, value]) => [name, String(value)]);
  return `/submissions/${submissionId}/cells/${pathOf(trialId)}${phaseQuery(phase, Object.fromEntries(more))}`;
}

/** The trial that an address names; what cannot be read names none. */
export function trialIdOf(parts: readonly string[]): string {
  try {
    return parts.map(decodeURIComponent).join('/');
  } catch {
    return parts.join('/');
  }
}

type Words = { phase?: string; truth?: string; predicted?: string; page?: string };

/** What is no class or page is not asked for. */
export function askedOf(words: Words, phase: PhaseKind): CellQuery {
  const classOf = (word?: string) => (word !== undefined && /^\d$/.test(word) ? Number(word) : undefined);
  const page = Number(words.page);
  return { phase, truth: classOf(words.truth), predicted: classOf(words.predicted), page: Number.isInteger(page) && page > 0 ? page : 1 };
}
