// The entries of an evaluation's log, from the rows that its work left. Pure: rows in, entries out.
import { isHeadline } from '../evaluation/shards.ts';
import { imagesId, ttaLabel } from '../evaluation/trial-id.ts';
import type { Trial } from '../evaluation/trial.ts';

/** Parts of a protocol, in the order they run. */
export const stages = ['headline', 'perturbations', 'attacks', 'augmentation', 'checks'] as const;
export type Stage = (typeof stages)[number];

export type ShardRow = {
  trialId: string;
  status: 'queued' | 'running' | 'done' | 'failed';
  estimatedSeconds: number;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  limitsMet: string[];
  platformFailures: number;
  worker: string | null;
  engine: string | null;
  device: string | null;
};
export type CellRow = { trialId: string; createdAt: Date; correct: number; total: number; seconds: number };

/** Times are ISO 8601. */
export type LogEntry = { at: string } & (
  | { kind: 'queued'; shards: number; again: boolean }
  | { kind: 'began'; worker: string; engine: string; device: string }
  /** Measurements that belong together: all severities of a perturbation, all attacks of a radius. */
  | { kind: 'landed'; stage: Stage; trial: Trial; landed: number; planned: number; accuracy: number; seconds: number }
  /** A shard that failed for a reason of ours, or met a limit; `resolved` when it has run since. */
  | { kind: 'trouble'; trial: Trial; platformFailures: number; limitsMet: string[]; resolved: boolean }
  | { kind: 'ended'; status: 'finished' | 'failed' | 'cancelled' }
);

export type Rows = {
  status: 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';
  createdAt: Date;
  finishedAt: Date | null;
  /** By id, most wanted first. */
  trials: ReadonlyMap<string, Trial>;
  shards: readonly ShardRow[];
  cells: readonly CellRow[];
};

/** What a trial is told together with. */
export function groupOf(trial: Trial): { stage: Stage; key: string } {
  if (isHeadline(trial)) return { stage: 'headline', key: trial.kind };
  if (trial.kind === 'probe' || (trial.scored === false && trial.kind !== 'perturbation')) return { stage: 'checks', key: 'checks' };
  if (trial.tta) {
    const attacked = trial.kind === 'attack' ? ` ${trial.norm} ${trial.epsilon}` : '';
    return { stage: 'augmentation', key: `${ttaLabel(trial.tta)}${attacked}` };
  }
  if (trial.kind === 'attack') return { stage: 'attacks', key: `${trial.norm} ${trial.epsilon}` };
  return { stage: 'perturbations', key: trial.kind === 'perturbation' ? trial.perturbation : imagesId(trial) };
}

/** Oldest first; of the same moment in the order things happen in. */
export function entriesOf(rows: Rows): LogEntry[] {
  const entries = [...queued(rows), ...began(rows), ...troubles(rows), ...landed(rows), ...ended(rows)];
  return entries.map((entry, i) => ({ entry, i })).sort((a, b) => a.entry.at.localeCompare(b.entry.at) || a.i - b.i).map(({ entry }) => entry);
}

/** Once at the start, and once more when the rest of the protocol was asked for later. */
function queued({ createdAt, shards }: Rows): LogEntry[] {
  const first = createdAt.getTime();
  const later = shards.filter(({ queuedAt }) => queuedAt.getTime() > first + 5000);
  const once: LogEntry = { at: createdAt.toISOString(), kind: 'queued', shards: shards.length - later.length, again: false };
  if (later.length === 0) return [once];
  const at = later.reduce((least, { queuedAt }) => (queuedAt < least ? queuedAt : least), later[0].queuedAt);
  return [once, { at: at.toISOString(), kind: 'queued', shards: later.length, again: true }];
}

function began({ shards }: Rows): LogEntry[] {
  const first = new Map<string, LogEntry>();
  for (const { startedAt, worker, engine, device } of shards) {
    if (!startedAt || worker === null || engine === null || device === null) continue;
    const known = first.get(worker);
    if (known && known.at <= startedAt.toISOString()) continue;
    first.set(worker, { at: startedAt.toISOString(), kind: 'began', worker, engine, device });
  }
  return [...first.values()];
}

function troubles({ shards, trials }: Rows): LogEntry[] {
  return shards.flatMap(({ trialId, platformFailures, limitsMet, startedAt, finishedAt, queuedAt, status }): LogEntry[] => {
    const trial = trials.get(trialId);
    if (!trial || (platformFailures === 0 && limitsMet.length === 0)) return [];
    const at = (startedAt ?? finishedAt ?? queuedAt).toISOString();
    return [{ at, kind: 'trouble', trial, platformFailures, limitsMet, resolved: status === 'done' }];
  });
}

/** A group is told when its last cell so far has landed. */
function landed({ trials, cells, shards }: Rows): LogEntry[] {
  const wanted = new Set(shards.map(({ trialId }) => trialId));
  const groups = new Map<string, { trial: Trial; stage: Stage; planned: number; cells: CellRow[] }>();
  for (const [id, trial] of trials) {
    const { stage, key } = groupOf(trial);
    const name = `${stage} ${key}`;
    const group = groups.get(name) ?? { trial, stage, planned: 0, cells: [] };
    groups.set(name, { ...group, planned: group.planned + Number(wanted.has(id)) });
  }
  for (const cell of cells) {
    const trial = trials.get(cell.trialId);
    const { stage, key } = trial ? groupOf(trial) : { stage: '', key: '' };
    groups.get(`${stage} ${key}`)?.cells.push(cell);
  }
  return [...groups.values()].flatMap(({ trial, stage, planned, cells: its }): LogEntry[] => {
    if (its.length === 0) return [];
    const at = its.reduce((last, { createdAt }) => (createdAt > last ? createdAt : last), its[0].createdAt).toISOString();
    const accuracy = its.reduce((sum, { correct, total }) => sum + correct / total, 0) / its.length;
    const seconds = its.reduce((sum, cell) => sum + cell.seconds, 0);
    return [{ at, kind: 'landed', stage, trial, landed: its.length, planned: Math.max(planned, its.length), accuracy, seconds }];
  });
}

function ended({ status, finishedAt }: Rows): LogEntry[] {
  if (!finishedAt || status === 'queued' || status === 'running') return [];
  return [{ at: finishedAt.toISOString(), kind: 'ended', status }];
}
