// Who is attacked and who judges in a trial under a test-time augmentation policy (spec 2.9).
import type { Draw, Engine, Rows } from '../engines/engine.ts';
import { policies } from '../tta/index.ts';
import type { Policy, TtaContext } from '../tta/policy.ts';
import { inBatches } from './batches.ts';
import { drawSetsOf } from './parts.ts';
import type { Sides } from './robustness.ts';
import type { Trial, Tta } from './trial.ts';
import { judge, judgeByMajority, judgeWithSpread } from './verdict.ts';

/** The draws of the evaluation that counts: those of `judge`'s draw set 0. */
const evaluations: Draw = { role: 'evaluate', restart: 0, step: 0 };

/** The engine under a policy, for any number of rows. */
export function withPolicy(engine: Engine, tta: Tta, context: TtaContext): Engine {
  const policy = (policies as Record<string, (parameters: never) => Policy>)[tta.policy](tta as never);
  // Batched again outside, so that a policy never holds more copies at once than it says it can.
  return inBatches(policy(engine, context));
}

/** The same engine with one draw for whatever is asked. Nothing but its gradient is offered: steps inside a graph know no draws. */
function withDraw(engine: Engine, draw: Draw): Engine {
  const drawn = (rows: Rows): Rows => ({ ...rows, draw });
  const { pullback, lossGradient } = engine;
  return {
    info: engine.info,
    close: () => engine.close(),
    logits: (rows) => engine.logits(drawn(rows)),
    ...(pullback && { pullback: (rows, dLogits) => pullback(drawn(rows), dLogits) }),
    ...(lossGradient && { lossGradient: (rows, ...loss) => lossGradient(drawn(rows), ...loss) }),
  };
}

/**
 * `engine` is the bare model, for any number of rows. Without a policy it is attacked and judges itself.
 *
 * Otherwise the policy judges, and the attack's mode decides what is attacked. `transfer`: the bare model. `eot`: the policy
 * with `attackDraws` draws of the attack's own, new ones at every step. `known`: the policy with the very draws that judge it.
 * "The evaluation's draws known" is the strongest case only against the evaluation it knows: so there one draw set judges,
 * the attacked one, and the policy is a fixed function like any other; in the other modes most of five draw sets decide,
 * none of them the attack's. Without an attack draw set 0 counts and the others show the spread.
 */
export function sidesOf(engine: Engine, trial: Trial, context: TtaContext): Sides {
  const { tta } = trial;
  if (!tta) return { attacked: engine, judge: (inputs) => judge(engine, inputs) };
  const judged = withPolicy(engine, tta, context);
  const drawSets = drawSetsOf(trial);
  if (!('mode' in tta)) return { attacked: judged, judge: (inputs) => judgeWithSpread(judged, inputs, drawSets) };
  const attacked = {
    transfer: () => engine,
    eot: () => ('repetitions' in tta ? withPolicy(engine, { ...tta, repetitions: tta.attackDraws }, context) : judged),
    known: () => withDraw(judged, evaluations),
  }[tta.mode]();
  return { attacked, judge: (inputs) => judgeByMajority(judged, inputs, drawSets) };
}
