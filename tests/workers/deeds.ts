// Has a hostile child do something, as a model that took it over would, and gives back how its supervisor sees that.
import { execFileSync } from 'node:child_process';
import { afterEach } from 'vitest';
import type { ChildLimits } from '../../lib/child-limits.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { limits } from '../../lib/limits.ts';
import { childProgram } from '../../workers/child-code.ts';
import { ChildFailure, evaluatorOf, type Evaluator } from '../../workers/evaluator.ts';
import { findSandbox, startChild } from '../../workers/sandbox.ts';

const program = await childProgram('tests/workers/hostile-child.ts');
const directory = await findFashionMnist();
export const sandbox = findSandbox(directory);

const asRoot = process.getuid?.() === 0;

/** What this host gives to who runs the tests: in a container perhaps nothing. */
export const host = { onLinux: process.platform === 'linux', asRoot, namespaces: makesNamespaces() };

function makesNamespaces(): boolean {
  const all = [...(asRoot ? [] : ['--user', '--map-root-user']), '--net', '--mount', '--pid', '--fork', '--mount-proc'];
  try {
    execFileSync('unshare', [...all, '/bin/true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const protocol: Protocol = { name: 'p', images: { split: 'test', first: 8 }, trials: [{ kind: 'clean' }] };
export const order = { protocol, trial: protocol.trials[0], start: 0, end: 8, keys: [] };

const started: Evaluator[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill()));

/** A child that waits for its order. */
export async function hostile(what: string, bounds: Partial<ChildLimits> = {}): Promise<Evaluator> {
  const child = evaluatorOf(startChild(sandbox, program), { ...limits, ...bounds }, { engine: 'onnxruntime', device: 'cpu' });
  started.push(child);
  await child.prepare(directory);
  await child.open(Buffer.from(what));
  return child;
}

export async function deed(what: string, bounds: Partial<ChildLimits> = {}): Promise<{ failure: ChildFailure; child: Evaluator }> {
  const child = await hostile(what, bounds);
  const failure = await child.run(order, async () => {}).then(() => new ChildFailure('harness', 'it was believed'), (error) => error);
  return { failure, child };
}
