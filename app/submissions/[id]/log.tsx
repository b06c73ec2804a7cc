// The log of an evaluation, in words: what landed when, on which worker, and what went wrong on the way. Folded away once it is over.
import { epsilon, percent, whole, words } from '@/app/ui/format';
import { policyName } from '@/app/ui/policy-name';
import { Time } from '@/app/ui/time';
import { normName, trialName } from '@/app/ui/trial-name';
import type { LogEntry } from '@/lib/evaluations/log-entries';

type Props = { entries: readonly LogEntry[]; open: boolean };

export function Log({ entries, open }: Props) {
  if (entries.length === 0) return null;
  const began = Date.parse(entries[0].at);
  const last = entries.at(-1)!;
  return (
    <details className="chart-table text-small" open={open}>
      <summary className="inline-flex min-h-6 w-fit items-center rounded-small text-muted hover:text-ink">
        <span>
          Log, {entries.length} {entries.length === 1 ? 'entry' : 'entries'}
          {open && <span className="sr-only">; the last: {textOf(last)}</span>}
        </span>
      </summary>
      <div role="region" aria-label="Log of the evaluation" tabIndex={0} className="mt-1 max-h-80 overflow-y-auto rounded-base border border-line bg-surface">
        <table className="figures w-full">
          <caption className="sr-only">What happened to this evaluation, the newest first; times since it was submitted</caption>
          <tbody>
            {entries.toReversed().map((entry, i) => (
              <tr key={entries.length - i} className="align-top odd:bg-sunken/50">
                <td className="w-20 py-1 pr-3 pl-3 text-right whitespace-nowrap text-muted">
                  <time dateTime={entry.at}>{clock(Date.parse(entry.at) - began)}</time>
                </td>
                <td className={`py-1 pr-3 ${entry.kind === 'trouble' ? 'text-warn' : ''}`}>
                  {textOf(entry)}
                  {entry === entries[0] && (
                    <>
                      , <Time at={entry.at} />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Milliseconds as `0:42`, `12:05` or `1:02:10`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function textOf(entry: LogEntry): string {
  switch (entry.kind) {
    case 'queued': {
      const shards = `${whole(entry.shards)} ${entry.shards === 1 ? 'piece' : 'pieces'} of work`;
      return entry.again ? `The rest of the protocol was asked for: ${shards} more in the queue` : `Submitted: ${shards} in the queue`;
    }
    case 'began':
      return `${entry.worker} began, with ${entry.engine} on ${entry.device}`;
    case 'landed':
      return landedText(entry);
    case 'trouble':
      return troubleText(entry);
    case 'ended':
      return { finished: 'Finished: everything has landed', failed: 'Failed, and stopped', cancelled: 'Cancelled' }[entry.status];
  }
}

type Of<Kind extends LogEntry['kind']> = Extract<LogEntry, { kind: Kind }>;

function landedText({ stage, trial, landed, planned, accuracy }: Of<'landed'>): string {
  const some = landed < planned ? `${landed} of ${planned}` : `all ${planned}`;
  const figure = `${percent(accuracy)} %`;
  if (stage === 'headline') return `${trial.kind === 'mixed' ? 'Mixed' : 'Clean'} accuracy: ${figure}`;
  if (stage === 'checks') return `Checks of the robust figure: ${some}`;
  if (trial.kind === 'attack') {
    const where = `at radius ${epsilon(trial.epsilon)} (${normName(trial.norm)})`;
    return trial.tta ? `Attacks through “${policyName(trial.tta)}” ${where}: ${some}` : `Attacks ${where}: ${some}`;
  }
  if (trial.tta) return `With “${policyName(trial.tta)}”: ${figure}`;
  if (trial.kind !== 'perturbation') return `${capital(trialName(trial))}: ${figure}`;
  return planned === 1 ? `${capital(words(trial.perturbation))}: ${figure}` : `${capital(words(trial.perturbation))}, ${some} severities: ${figure} on average`;
}

function troubleText({ trial, platformFailures, limitsMet, resolved }: Of<'trouble'>): string {
  const what: string[] = [];
  if (platformFailures > 0) what.push(`failed on our side${platformFailures > 1 ? ` ${platformFailures} times` : ''}, not through the model`);
  if (limitsMet.length > 0) what.push(`met a limit (${[...new Set(limitsMet)].join(', ')})${limitsMet.length > 1 ? ` ${limitsMet.length} times` : ''}`);
  return `A piece of ${trialName(trial)} ${what.join(' and ')}; it was put back in the queue${resolved ? ' and has run since' : ''}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
