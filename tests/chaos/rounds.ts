// The rounds: in each, at a random moment, one process is killed while students work, and the time is taken until the work goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from '../../lib/auth/tokens.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import { deriveKey, Stream } from '../../lib/random.ts';
import { challengeOf, enrol, linearModel, person, ruled, submit } from '../evaluations/stage.ts';
import { openEvaluations, outcomeOf, shardSecondsOf, type Outcome } from './outcomes.ts';
import { checkPromises, type Checked } from './promises.ts';
import { protocol } from './protocol.ts';
import { aboutToBeStruck, wentOn } from './struck.ts';
import { emptyLedger, study, type Ledger, type Model } from './students.ts';
import { startSystem, victims, type Lease, type System, type Victim } from './system.ts';
import { until } from './until.ts';

/** `working`: whether it was running a piece of an evaluation (of Postgres: any was). `seconds` until that, or anything, went on. */
export type Kill = { victim: Victim; working: boolean; seconds: number };
/** `shardSeconds`: the longest shard of runs that nobody disturbed. */
export type Chaos = { kills: Kill[]; ledger: Ledger; checked: Checked[]; shardSeconds: number };
export type ChaosOptions = {
  seed: string;
  rounds: number;
  students: number;
  /** How many models they send, each of its own weights. */
  models: number;
  lease: Lease;
  /** Hears how each round went. */
  say?: (round: number, kill: Kill) => void;
};

const workers = ['one', 'two'] as const;
/** The longest that a round waits before it kills. */
const calmMilliseconds = 1500;
/** Work that has not gone on by then will not: more than the minute that is promised, for machines that do much else. */
export const patienceSeconds = 240;

/** Runs it all over a system of its own. What was promised and did not hold stands in `checked`. Throws when work does not go on at all. */
export async function chaos(options: ChaosOptions): Promise<Chaos> {
  const system = await startSystem(workers, options.lease);
  try {
    return await within(system, options);
  } finally {
    await system.stop();
  }
}

async function within(system: System, { seed, rounds, students, models: count, lease, say = () => {} }: ChaosOptions): Promise<Chaos> {
  const streamOf = (what: string) => new Stream(deriveKey('chaos', 'parameters', `${seed} ${what}`, 'evaluate'), { image: 0 });
  const { id: challengeId, slug } = await challengeOf(protocol);
  await ruled(challengeId, { attemptsPerDay: 1000, successesPerDay: 1000, concurrent: 100 });
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const calm = await undisturbed(challengeId, numbers);
  const models: Model[] = numbers.map((n) => ({ name: `linear ${n}`, content: Uint8Array.from(encodeModel(linearModel(n))) }));
  const crowd = await Promise.all(Array.from({ length: students }, async () => {
    const viewer = await enrol(await person(), challengeId);
    return { viewer, token: (await createToken(viewer, 'chaos')).secret };
  }));

  const ledger = emptyLedger();
  let over = false;
  const busy = crowd.map(({ viewer, token }, i) =>
    study(system.site, { id: viewer.id, token }, slug, models, streamOf(`student ${i}`), ledger, () => over));
  await until(() => ledger.submissions.length > 0, { seconds: patienceSeconds, what: 'a first submission' });

  const kills: Kill[] = [];
  const dice = streamOf('kills');
  // Each as often as the others, in an order of its own every time.
  let bag: Victim[] = [];
  for (let round = 1; round <= rounds; round++) {
    if (bag.length === 0) bag = [...victims];
    const [victim] = bag.splice(Math.floor(dice.uniform() * bag.length), 1);
    const worker = workers[Math.floor(dice.uniform() * workers.length)];
    await sleep(calmMilliseconds * dice.uniform());
    kills.push(await strike(system, victim, worker, ledger));
    say(round, kills.at(-1)!);
  }
  over = true;
  await Promise.all(busy);
  await system.up();
  await until(async () => (await openEvaluations()) === 0, { seconds: patienceSeconds, what: 'an end of all evaluations' });
  const checked = await checkPromises({ challengeId, slug, ledger, crowd: crowd.map(({ viewer }) => viewer), calm: calm.outcomes, lease });
  return { kills, ledger, checked, shardSeconds: calm.shardSeconds };
}

/** Each model once with nobody disturbing, by the name that students give it: what it must come to. */
async function undisturbed(challengeId: string, numbers: readonly number[]): Promise<{ outcomes: Map<string, Outcome>; shardSeconds: number }> {
  const student = await person();
  const outcomes = new Map<string, Outcome>();
  for (const n of numbers) {
    const { evaluationId } = await submit(student, challengeId, linearModel(n));
    await until(async () => (await openEvaluations()) === 0, { seconds: patienceSeconds, what: 'an undisturbed evaluation' });
    outcomes.set(`linear ${n}`, await outcomeOf(evaluationId));
  }
  return { outcomes, shardSeconds: await shardSecondsOf(student.id) };
}

/** Kills, and waits until what that interrupted goes on: a shard of the killed, or for the site an answer to somebody. */
async function strike(system: System, victim: Victim, worker: string, ledger: Ledger): Promise<Kill> {
  const struck = await aboutToBeStruck(victim, worker);
  // What starts at this moment, or has no child yet, is killed when it is there.
  await until(() => system.kill(victim, worker), { seconds: patienceSeconds, what: `a ${victim} to kill` });
  const [at, since] = [performance.now(), new Date()];
  const goesOn = () => (victim === 'web' ? ledger.answeredAt > at : wentOn(struck, since));
  await until(goesOn, { seconds: patienceSeconds, what: `anything going on after the death of ${victim} ${worker}` });
  return { victim, working: struck.length > 0, seconds: (performance.now() - at) / 1000 };
}
