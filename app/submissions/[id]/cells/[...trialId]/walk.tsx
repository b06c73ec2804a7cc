// Where this cell stands in the heat map: its row as coloured cells, and the ways to the rows above and below.
import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { epsilon, percent, words } from '@/app/ui/format';
import { heatOf } from '@/app/ui/heat';
import type { PhaseKind } from '@/app/ui/phase-switch';
import { attackName, trialName } from '@/app/ui/trial-name';
import { trialId } from '@/lib/evaluation/trial-id';
import type { Trial } from '@/lib/evaluation/trial';
import type { CellPage } from '@/lib/evaluations/cell';
import { cellAddress } from '../address';
import { neighboursOf, stepsOf } from '../neighbours';
import { ArrowKeys } from './arrow-keys';

/** What tells a trial from the others of its row. */
function shortName(trial: Trial): string {
  if (trial.kind === 'perturbation') return `severity ${trial.severity}`;
  if (trial.kind === 'attack') return `ε ${epsilon(trial.epsilon)}`;
  return trialName(trial);
}

/** What its row is called; rows are only of these two kinds. */
const rowName = (trial: Trial): string | null =>
  trial.kind === 'perturbation' ? words(trial.perturbation) : trial.kind === 'attack' ? attackName(trial) : null;

export function Walk({ found: { submission, protocol, trial, accuracies }, phase }: { found: CellPage; phase: PhaseKind }) {
  const neighbours = neighboursOf(protocol, trial);
  const { before, after } = stepsOf(neighbours, trial);
  const to = (one: Trial) => cellAddress(submission.id, trialId(one), { phase });
  const keyOf = (one: Trial) => (one === before ? 'ArrowLeft' : one === after ? 'ArrowRight' : undefined);
  return (
    <nav aria-label="Cells beside this one" className="flex flex-wrap items-center gap-x-6 gap-y-2 text-small">
      <ArrowKeys />
      <ul className="flex flex-wrap gap-px">
        {neighbours.row.map((one) => {
          const id = trialId(one);
          const accuracy = accuracies.get(id);
          const here = id === trialId(trial);
          const ground = accuracy === undefined ? 'bg-sunken text-muted' : 'heat';
          const look = `${ground} ${here ? 'font-semibold outline-2 outline-offset-1 outline-ink' : ''}`;
          return (
            <li key={id}>
              <Link
                href={to(one)}
                prefetch={false}
                aria-current={here ? 'page' : undefined}
                data-key={keyOf(one)}
                className={`block min-w-16 rounded-[2px] px-2.5 py-1 text-center ${look}`}
                style={accuracy === undefined ? undefined : heatOf(accuracy)}
              >
                <span className="block text-micro">{shortName(one)}</span>
                <span className="figures">{accuracy === undefined ? '·' : percent(accuracy)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {(neighbours.above || neighbours.below) && (
        <p className="flex flex-wrap gap-x-5 gap-y-1">
          <Step trial={neighbours.above} arrow="ArrowUp" to={to}>
            <ArrowUp aria-hidden className="size-3.5" />
          </Step>
          <Step trial={neighbours.below} arrow="ArrowDown" to={to}>
            <ArrowDown aria-hidden className="size-3.5" />
          </Step>
          <span className="text-muted max-sm:hidden">Arrow keys walk from cell to cell.</span>
        </p>
      )}
    </nav>
  );
}

type StepProps = { trial: Trial | null; arrow: string; to: (trial: Trial) => string; children: ReactNode };

function Step({ trial, arrow, to, children }: StepProps) {
  if (!trial) return null;
  return (
    <Link
      href={to(trial)}
      prefetch={false}
      data-key={arrow}
      aria-label={trialName(trial)}
      className="link inline-flex min-h-6 items-center gap-1"
    >
      {children}
      {rowName(trial)}
    </Link>
  );
}
