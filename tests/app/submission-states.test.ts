// The parts of a submission's page in their states, as the server writes them: nothing landed, no gradient, flagged, revealed, older reports.
import { createElement, type ComponentType } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Attacks } from '../../app/submissions/[id]/attacks.tsx';
import { Augmentation } from '../../app/submissions/[id]/augmentation.tsx';
import { Classes } from '../../app/submissions/[id]/classes.tsx';
import { FieldStrip } from '../../app/submissions/[id]/field-strip.tsx';
import { HeatMap } from '../../app/submissions/[id]/heat-map.tsx';
import { Log } from '../../app/submissions/[id]/log.tsx';
import { Masking } from '../../app/submissions/[id]/masking.tsx';
import { ModelCard } from '../../app/submissions/[id]/model-card.tsx';
import { Reproduce } from '../../app/submissions/[id]/reproduce.tsx';
import { usualRange } from '../../app/submissions/rows.tsx';
import type { ChallengeView } from '../../lib/challenges/challenges.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { score } from '../../lib/evaluation/score.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import type { Protocol, Trial } from '../../lib/evaluation/trial.ts';
import type { CellView, Results } from '../../lib/evaluations/results.ts';
import type { Submission } from '../../lib/submissions/read.ts';
import { firstRight } from '../evaluation/cells.ts';
import { linearModel } from '../models.ts';

const { quick } = protocols;

function text<Props extends object>(component: ComponentType<Props>, props: Props): string {
  const html = renderToStaticMarkup(createElement(component, props));
  return html.replace(/<!-- -->/g, '').replace(/<style.*?<\/style>/g, '').replace(/<[^>]+>/g, ' ').replace(/&#x27;/g, '\'').replace(/\s+/g, ' ');
}

/** A third of every cell is right, of the trials that `has` picks. */
function resultsOf(protocol: Protocol, has: (trial: Trial) => boolean, more: Partial<Results> = {}, report = {}): Results {
  const some = protocol.trials.filter(has);
  const made = new Map(some.map((trial) => firstRight(trialId(trial), 30, 90)));
  const confusion = Array.from({ length: 100 }, (_, i) => (i % 11 === 0 ? 3 : i === 6 ? 6 : 0));
  const cells = some.map((trial): CellView => {
    const { correctBits: _, predictions: __, ...cell } = made.get(trialId(trial))!;
    return { ...cell, trial, confusion };
  });
  const found = score({ ...protocol, images: { split: 'test', size: 90 }, trials: protocol.trials.map((trial) => ({ ...trial, images: undefined })) }, made, { report: { operatorsWithoutGradient: [], ...report } });
  const progress = { share: 0, doneImages: 0, totalImages: 1, doneShards: 0, shards: 1, shardsAhead: 0, etaSeconds: null, position: null, startsInSeconds: null };
  return {
    submissionId: '00000000-0000-4000-8000-000000000001', evaluationId: 'e', status: 'running', failure: null, notes: [], protocol, tier: 'full',
    progress, score: found, corruption: null, cells, ...more,
  };
}

const submission = {
  id: '00000000-0000-4000-8000-000000000001', name: 'mine', challenge: { id: 'c', slug: 'course', title: 'Course' }, modelSha256: 'a'.repeat(64), declaredTta: null,
  files: [{ name: 'my model.onnx', sha256: 'b'.repeat(64), bytes: 31_500 }], report: reportOf(linearModel()), evaluation: { phase: 'public' },
} as unknown as Submission;
const challenge = (revealed: boolean) =>
  ({ phases: [{ kind: 'public', revealed: revealed ? { seed: 's', at: 't' } : null }] }) as unknown as ChallengeView;

describe('before anything has landed', () => {
  const results = resultsOf(quick, () => false);
  test('the map says what is not yet there', () => {
    const said = text(HeatMap, { results, phase: 'public', against: null });
    expect(said.match(/not yet/g)).toHaveLength(18);
  });
  test('the attacks say what is to come', () => expect(text(Attacks, { results })).toContain('Nothing has landed yet: FGSM, PGD-20 at 2 radii are to come.'));
  test('there are no classes to tell', () => expect(text(Classes, { results, phase: 'public' })).toBe(''));
  test('a policy that the protocol lacks is no section', () => expect(text(Augmentation, { results, gains: new Map() })).toBe(''));
});

test('a model without a gradient says why, and what that makes of the figure', () => {
  const results = resultsOf(quick, (trial) => trial.kind !== 'attack', { status: 'finished' }, { operatorsWithoutGradient: ['Round'] });
  const said = text(Attacks, { results });
  expect(said).toContain('No gradient is known for Round, so gradient attacks were not run.');
  expect(said).toContain('Not measured.');
});

test('curves carry the worst case by name, and the same in a table', () => {
  const said = text(Attacks, { results: resultsOf(quick, () => true) });
  expect(said).toContain('Worst case');
  expect(said).toMatch(/FGSM 33\.3 \(24\.5–43\.6\)/);
});

test('a difference that may be luck is said to be', () => {
  const results = resultsOf(quick, () => true);
  const luck = { perturbation: 'fog', severity: 1, first: 0.51, second: 0.5, difference: 0.01, images: 1000 };
  const cells = new Map(results.cells.map(({ trialId: id }) => [id, { ...luck, trialId: id }]));
  const against = { other: { id: 'o', name: 'older', userName: 'me', baseline: false }, cells };
  const html = renderToStaticMarkup(createElement(HeatMap, { results, phase: 'public', against }));
  expect(html).toContain('which may be luck');
  expect(html).toContain('Accuracy minus that of older, in points');
  const counted = { ...luck, images: 10_000, mcnemar: { onlyFirst: 101, onlySecond: 1, exact: 0, midP: 0 } };
  const sure = { ...against, cells: new Map(results.cells.map(({ trialId: id }) => [id, { ...counted, trialId: id }])) };
  expect(renderToStaticMarkup(createElement(HeatMap, { results, phase: 'public', against: sure }))).not.toContain('which may be luck');
});

test('a flag says what it suggests, what it does not prove and what to try, and leads to the guide', () => {
  const results = resultsOf(quick, () => true, {}, { maskingOperators: ['Round'] });
  const said = text(Masking, { results });
  for (const word of ['Seen', 'Suggests', 'Does not prove', 'Try', 'the graph has Round']) expect(said).toContain(word);
  expect(renderToStaticMarkup(createElement(Masking, { results }))).toContain('href="/guide#M11"');
});

describe('the model card', () => {
  test('lists the layers with their totals, the files and their hashes', () => {
    const said = text(ModelCard, { submission });
    expect(said).toMatch(/1 Gemm Gemm_logits 10 7,850 15\.7K 1 layer 7,850 15\.7K/);
    expect(said).toContain('b'.repeat(64));
  });
  test('of a report from before layers were told says so', () => {
    const { layers: _, ...older } = submission.report;
    expect(text(ModelCard, { submission: { ...submission, report: older } })).toContain('Its layers were not noted');
  });
});

describe('the lines to measure it at home', () => {
  const results = resultsOf(quick, () => true, { status: 'finished' });
  test('evaluate with a seed of one’s own while the seed is secret', () => {
    const said = text(Reproduce, { submission, results, challenge: challenge(false) });
    expect(said).toContain("npx gauntlet evaluate 'my model.onnx' --protocol quick --seed mine");
    expect(said).toContain('Download the receipt');
  });
  test('verify once it is published', () => {
    expect(text(Reproduce, { submission, results, challenge: challenge(true) })).toContain("npx gauntlet verify receipt-public-00000000.json --model 'my model.onnx'");
  });
  test('fetch a protocol that is not built in, and promise no receipt of what runs', () => {
    const own = { ...results, status: 'running' as const, protocol: { ...quick, name: 'own' } };
    const said = text(Reproduce, { submission, results: own, challenge: challenge(false) });
    expect(said).toContain('--protocol protocol.json');
    expect(said).not.toContain('Download the receipt');
  });
});

test('the field marks this one, names baselines alone, and says what a place is worth', () => {
  const field = [{ value: 0.7, baseline: null, this: false }, { value: 0.6, baseline: null, this: true }, { value: 0.5, baseline: 'Linear', this: false }];
  const props = { field, estimate: { value: 0.6, low: 0.55, high: 0.65, images: 100 }, settling: false, submission };
  expect(text(FieldStrip, { ...props, place: { rank: 2, low: 1, high: 2, of: 3 } })).toMatch(/Place 1–2 of 3 on the leaderboard/);
  expect(text(FieldStrip, { ...props, place: null })).toContain('1 of the 3 ranked models stands above it');
  expect(text(FieldStrip, { ...props, place: null, settling: true })).toContain('is to come');
  const label = /aria-label="(This one[^"]*)"/.exec(renderToStaticMarkup(createElement(FieldStrip, { ...props, place: null })));
  expect(label![1]).toBe('This one at 60.0 percent among 2 other ranked models, from 50.0 to 70.0 percent');
});

test('the log is folded away when it is over, the newest entry first', () => {
  const entries = [
    { at: '2026-11-22T12:00:00.000Z', kind: 'queued' as const, shards: 2, again: false },
    { at: '2026-11-22T12:00:42.000Z', kind: 'ended' as const, status: 'finished' as const },
  ];
  const over = renderToStaticMarkup(createElement(Log, { entries, open: false }));
  expect(over).not.toContain('<details class="chart-table text-small" open');
  expect(text(Log, { entries, open: false })).toMatch(/0:42 Finished: everything has landed 0:00 Submitted: 2 pieces of work in the queue/);
  expect(renderToStaticMarkup(createElement(Log, { entries, open: true }))).toContain('open=""');
});

test('a list draws intervals on a scale that one stray figure does not press together', () => {
  const at = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, images: 100 });
  expect(usualRange([at(0.08), at(0.58), at(0.6), at(0.61)])).toEqual({ from: 0.58 - 0.01, to: 0.61 + 0.01 });
  expect(usualRange([])).toBeNull();
});
