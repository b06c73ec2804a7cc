// Whose fault it was: models that meet a limit twice are told so, and nobody else suffers for them.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database } from '../../lib/db/client.ts';
import { cells, shards, workers } from '../../lib/db/schema.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import type { Constant, Model, Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { startWorker, type RunningWorker } from '../../workers/supervisor.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, linearModel, person, submit } from '../evaluations/stage.ts';
import { graphOf, linear, modelOf } from '../models.ts';

const protocol: Protocol = { name: 'short', images: { split: 'test', first: 1000 }, trials: [{ kind: 'clean' }] };
const patient = { timeout: 100_000, interval: 50 };

let fresh: FreshDatabase;
let worker: RunningWorker;
let challengeId: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  challengeId = (await challengeOf(protocol)).id;
  worker = await startWorker({
    name: 'judge', concurrency: 1, dataDirectory: await findFashionMnist(), heartbeatSeconds: 0.5, drainSeconds: 0.1,
    childLimits: { sessionSeconds: 6, silenceSeconds: 10 },
  });
}, 90_000);
afterAll(async () => {
  await worker?.stop();
  await fresh.drop();
});

function chain(nodes: Node[], constants: Record<string, Constant>): Model {
  return modelOf(graphOf({ nodes: [...nodes, linear(constants, 1, 'last', 'logits', [784, 10])], constants }));
}

/** One dense layer of 2048 after another, with shared weights: small to send, minutes to run. */
function endless(): Model {
  const width = 2048;
  const zeros = (rows: number, columns: number) => floatConstant(new Float32Array(rows * columns), [rows, columns]);
  const constants = { in: zeros(784, width), on: zeros(width, width), out: zeros(width, 784) };
  const layers = Array.from({ length: 6000 }, (_, i) => node('MatMul', [`h${i}`, 'on'], [`h${i + 1}`]));
  return chain([node('MatMul', ['x', 'in'], ['h0']), ...layers, node('MatMul', ['h6000', 'out'], ['last'])], constants);
}

/** Blows every pixel up to 200,000 numbers: 20 GB for a batch. */
function glutton(): Model {
  const constants = { shape: int64Constant([200_000, 32, 784]), axes: int64Constant([0]) };
  return chain([node('Expand', ['x', 'shape'], ['wide']), node('ReduceMean', ['wide', 'axes'], ['last'], { keepdims: 0 })], constants);
}

/** Reads beyond its input: loads, and fails when it runs. */
function broken(): Model {
  const constants = { shape: int64Constant([-1, 783]), pad: int64Constant([0, 0, 0, 1]) };
  return chain([node('Reshape', ['x', 'shape'], ['short']), node('Pad', ['short', 'pad'], ['last'])], constants);
}

test.each([
  ['never ends', endless, 'session', 'limit-session'],
  ['wants 20 GB', glutton, 'memory', 'limit-memory'],
  ['cannot run', broken, 'error', 'run-error'],
] as const)('a model that %s fails with the reason, after two children', { timeout: 120_000 }, async (_, build, limit, code) => {
  const { evaluationId } = await submit(await person(), challengeId, build(), linearModel());
  await expect.poll(async () => (await evaluationRow(evaluationId)).status, patient).toBe('failed');
  const { failure } = await evaluationRow(evaluationId);
  const problem = { code, found: expect.stringMatching(/2 separate processes while evaluating clean, images 0 to 1000/) };
  expect(failure).toMatchObject({ blame: 'student', problem });
  const [shard] = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
  expect(shard).toMatchObject({ status: 'failed', limitsMet: [limit, limit], platformFailures: 0 });
});

test('the worker is well afterwards, and counts what happened', { timeout: 60_000 }, async () => {
  const { evaluationId } = await submit(await person(), challengeId);
  await expect.poll(async () => (await evaluationRow(evaluationId)).status, patient).toBe('finished');
  expect(await database().$count(cells, eq(cells.evaluationId, evaluationId))).toBe(1);
  const row = async () => (await database().select().from(workers).where(eq(workers.id, worker.id)))[0];
  // Counted after the last part has landed and finished the evaluation.
  await expect.poll(row, patient).toMatchObject({ childFailures: 6, shardsDone: 1, stoppedAt: null });
});
