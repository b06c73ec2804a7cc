// The sections of a submission's page below its headline, and the bar that leads to them. What can hold nothing is left out.
import type { ReactNode } from 'react';
import type { PhaseKind } from '@/app/ui/phase-switch';
import type { ChallengeView } from '@/lib/challenges/challenges';
import type { GainRung } from '@/lib/evaluation/policy-gains';
import { policiesOf } from '@/lib/evaluation/trial-id';
import type { Results } from '@/lib/evaluations/results';
import type { Against, Rivals } from '@/lib/leaderboard/against';
import type { Submission } from '@/lib/submissions/read';
import { Attacks } from './attacks';
import { Augmentation } from './augmentation';
import { Classes, overallCells } from './classes';
import { Examples } from './examples';
import { Findings } from './findings-list';
import { Masking } from './masking';
import { ModelCard } from './model-card';
import { Perturbations } from './perturbations';
import { Reproduce } from './reproduce';
import { Sections } from './sections';

type Props = {
  submission: Submission;
  challenge: ChallengeView;
  results: Results;
  phase: PhaseKind;
  rivals: Rivals;
  against: Against | null;
  policies: ReadonlyMap<string, GainRung[]>;
};

export function Measured({ submission, challenge, results, phase, rivals, against, policies }: Props) {
  const { protocol, cells, score, corruption, status } = results;
  const coming = status === 'queued' || status === 'running';
  const landed = (kind: string, policy: boolean) => cells.some(({ trial }) => trial.kind === kind && Boolean(trial.tta) === policy);
  const planned = (kind: string) => protocol.trials.some((trial) => trial.kind === kind && !trial.tta);
  const shows = (kind: string) => planned(kind) && (coming || landed(kind, false));
  const { mixed, clean } = overallCells(results);
  const sections: [id: string, name: string, shown: boolean, content: ReactNode][] = [
    ['perturbations', 'Perturbations', shows('perturbation'), <Perturbations key="p" {...{ results, phase, rivals, against }} />],
    ['attacks', 'Attacks', shows('attack') || score?.notAttacked !== undefined, <Attacks key="a" results={results} />],
    ['examples', 'Examples', landed('attack', false), <Examples key="e" submissionId={results.submissionId} phase={phase} />],
    ['augmentation', 'Augmentation', policiesOf(protocol).length > 0 && (coming || landed('mixed', true)), <Augmentation key="t" results={results} gains={policies} />],
    ['masking', 'Believable?', planned('attack') && (score?.checked.length ?? 0) > 0, <Masking key="m" results={results} />],
    ['classes', 'Classes', mixed !== undefined || clean !== undefined, <Classes key="c" results={results} phase={phase} />],
    ['model', 'Model', true, <ModelCard key="o" submission={submission} />],
    ['reproduce', 'Reproduce', true, <Reproduce key="r" {...{ submission, results, challenge }} />],
  ];
  const shown = sections.filter(([, , is]) => is);
  return (
    <>
      <Findings score={score} corruption={corruption} confusion={(mixed ?? clean)?.confusion ?? null} />
      <Sections sections={shown.map(([id, name]) => [id, name] as const)} />
      <div className="mt-8 space-y-14">{shown.map(([, , , content]) => content)}</div>
    </>
  );
}
