// Models of which a protocol can ask nothing: without a shard no worker hears of their evaluation, so that it must end by itself.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { drafts, evaluations, phases, shards, submissions } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { planReevaluation } from '../../lib/evaluations/plan-reevaluation.ts';
import { getReevaluation } from '../../lib/evaluations/reevaluations.ts';
import { startReevaluation } from '../../lib/evaluations/reevaluate.ts';
import { node } from '../../lib/onnx/node.ts';
import { allowanceOf } from '../../lib/submissions/allowance.ts';
import { confirmDraft } from '../../lib/submissions/confirm.ts';
import { enterPhase } from '../../lib/submissions/enter-phase.ts';
import { nothingToRun } from '../../lib/submissions/nothing-to-run.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { cnnModel } from '../models.ts';
import { challengeOf, draftRow, enrol, evaluationRow, person, submit } from './stage.ts';

const images = { split: 'test' as const, size: 100 };
const fgsm = { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.1 } as const;
const transfer = { kind: 'attack', attack: 'transfer', norm: 'linf', epsilon: 0.1, stepSize: 0.02, steps: 5 } as const;
const gradientsOnly = parseProtocol({ name: 'gradients only', images, trials: [fgsm] });
const withTransfer = parseProtocol({ name: 'with transfer', images, trials: [fgsm, transfer] });

/** A network with an operator that nobody has a gradient of. */
const { graph, ...rest } = cnnModel();
const nodes = graph.nodes.map((each) => (each.op === 'LeakyRelu' ? node('Mod', [each.inputs[0], each.inputs[0]], each.outputs, { fmod: 1 }) : each));
const model = { ...rest, graph: { ...graph, nodes } };
const report = reportOf(model);

let fresh: FreshDatabase;
let teacher: Viewer;
let student: Viewer;
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
afterAll(() => fresh.drop());
beforeEach(async () => void (student = await person()));

const failed = { status: 'failed', failure: { blame: 'student', problem: { code: 'no-gradient', found: expect.stringContaining('Mod') } } };

test('only where every trial follows a gradient that is not there', () => {
  expect(nothingToRun(gradientsOnly, report)).toMatchObject({ found: expect.stringContaining('Mod'), fix: expect.stringContaining('Mod') });
  expect(nothingToRun(withTransfer, report)).toBeNull();
  expect(nothingToRun(gradientsOnly, { operatorsWithoutGradient: [] })).toBeNull();
});

test('is refused when it is confirmed, in words, and costs nothing: the upload stays', async () => {
  const challenge = await challengeOf(gradientsOnly);
  await enrol(student, challenge.id);
  const id = await draftRow(student, challenge.id);
  await database().update(drafts).set({ report }).where(eq(drafts.id, id));
  await expect(confirmDraft(student, id, { name: 'a model' })).rejects.toMatchObject({
    status: 409, message: expect.stringMatching(/No gradient is known for Mod.*Wanted: .*Export it again without Mod/),
  });
  expect(await database().$count(submissions, eq(submissions.challengeId, challenge.id))).toBe(0);
  expect(await database().$count(drafts, eq(drafts.id, id))).toBe(1);
  expect((await allowanceOf(student, challenge.slug)).attempts.used).toBe(0);
});

test('run again under such a protocol, or entered into another phase, it fails at once and in words', async () => {
  const challenge = await challengeOf(withTransfer, teacher);
  const { submissionId } = await submit(student, challenge.id, model);
  const { id } = await startReevaluation(teacher, challenge.slug, {
    phase: 'public', which: 'all', reason: 'Another protocol.', protocol: { name: 'own', own: JSON.stringify(gradientsOnly) },
  });
  await planReevaluation(id);
  const [again] = await database().select().from(evaluations).where(and(eq(evaluations.submissionId, submissionId), eq(evaluations.current, false)));
  expect(again).toMatchObject({ ...failed, finishedAt: expect.any(Date) });
  expect(await database().$count(shards, eq(shards.evaluationId, again.id))).toBe(0);
  expect(await getReevaluation(teacher, challenge.slug, id)).toMatchObject({ tally: { failed: 1, unfinished: 0 } });

  const [final] = await database().select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'final')));
  const [submission] = await database().select().from(submissions).where(eq(submissions.id, submissionId));
  const entered = await database().transaction((tx) => enterPhase(tx, final, { ...submission, report }, gradientsOnly));
  expect(await evaluationRow(entered)).toMatchObject(failed);
});
