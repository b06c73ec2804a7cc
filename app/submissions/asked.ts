// What the address of the list asks for, and the addresses of other lists.
import type { EvaluationStatus } from '@/lib/submissions/read';

export const statuses = ['queued', 'running', 'finished', 'failed', 'cancelled'] as const satisfies readonly EvaluationStatus[];

export type Asked = {
  /** A slug; without one, the newest of every challenge are shown. */
  challenge?: string;
  all: boolean;
  student?: string;
  status?: EvaluationStatus;
  before?: string;
};

type Query = Record<string, string | string[] | undefined>;

export function askedOf(query: Query): Asked {
  const text = (name: string) => (typeof query[name] === 'string' && query[name].trim() !== '' ? query[name].trim() : undefined);
  const all = text('of') === 'all';
  const status = statuses.find((one) => one === text('status'));
  return { challenge: text('challenge'), all, student: all ? text('student') : undefined, status, before: text('before') };
}

export function addressOf({ challenge, all, student, status, before }: Asked): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ challenge, of: all ? 'all' : undefined, student, status, before })) if (value) query.set(name, value);
  return query.size > 0 ? `/submissions?${query}` : '/submissions';
}
