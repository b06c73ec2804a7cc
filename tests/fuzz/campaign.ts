// A fuzzing run: draws inputs, has them read, judges the answers, runs what was taken, and keeps for further changes what reached something new.
import { messageOf } from '../../lib/errors.ts';
import { honestPool, type Case } from './cases.ts';
import { Dice } from './dice.ts';
import { faultOf, kindOfReply, wordsFault } from './judge.ts';
import { startModels, type Ending } from './models.ts';
import { startReaders, type Reading } from './reading.ts';

export type Fault = { number: number; input: Case; what: string };

export type Tally = {
  inputs: number;
  formats: Record<string, number>;
  changes: Record<string, number>;
  /** What became of them: `taken`, `refused`, `limit: time`, ... */
  outcomes: Record<string, number>;
  /** What became of the models that were taken: `ran`, `said`, or the name of a limit. */
  models: Record<string, number>;
  /** Different answers, names and numbers left out. */
  answers: number;
  /** Letters of the readers' code that were run. */
  covered: number;
  slowest: { milliseconds: number; format: string; how: string; number: number };
  peakMegabytes: number;
  seconds: number;
  faults: Fault[];
};

type Plan = {
  count: number;
  seed: number;
  /** How long one input may take; at most `limits.inspectSeconds`. */
  seconds: number;
  /** Let V8 tell what code is new; otherwise only new answers lead on. */
  coverage?: boolean;
  /** Every so many-th model that was taken is run, and every so many-th of those by the worker's own child. */
  runEvery: number;
  evaluateEvery?: number;
  onFault?: (fault: Fault) => void;
  onProgress?: (tally: Tally) => void;
};

const count = (counts: Record<string, number>, key: string) => void (counts[key] = (counts[key] ?? 0) + 1);

export async function campaign({ count: inputs, seed, seconds, coverage, runEvery, evaluateEvery, onFault, onProgress }: Plan): Promise<Tally> {
  const tally: Tally = {
    inputs: 0, formats: {}, changes: {}, outcomes: {}, models: {}, answers: 0, covered: 0,
    slowest: { milliseconds: 0, format: '', how: '', number: 0 }, peakMegabytes: 0, seconds: 0, faults: [],
  };
  const began = performance.now();
  const pool = await honestPool();
  const readers = startReaders({ seconds, coverage });
  const models = await startModels();
  const answers = new Set<string>();
  let taken = 0;
  try {
    for (let number = 0; number < inputs; number++) {
      const input = pool.draw(new Dice(seed, number));
      const fail = (what: string) => {
        const fault = { number, input, what };
        tally.faults.push(fault);
        onFault?.(fault);
      };
      const reading = await readers.read(input);
      note(tally, input, reading, number);
      const wrong = readingFault(reading);
      if (wrong) fail(wrong);
      const answer = 'limit' in reading ? reading.limit : `${input.format} ${kindOfReply(reading.reply)}`;
      const fresh = 'newPlaces' in reading ? reading.newPlaces : 0;
      tally.covered += fresh;
      if (!answers.has(answer) || fresh > 0) pool.keep(input);
      answers.add(answer);
      tally.answers = answers.size;
      if ('reply' in reading && 'model' in reading.reply && ++taken % runEvery === 0) {
        const { model, report } = reading.reply;
        const whole = evaluateEvery !== undefined && taken % (runEvery * evaluateEvery) === 0;
        const gradient = report.operatorsWithoutGradient.length === 0;
        const ending = whole ? models.evaluate(model, { gradient }) : models.run(model);
        await ending.then((ended) => judged(ended, tally)).catch((error) => fail(messageOf(error)));
      }
      if (number % 100 === 99) onProgress?.(tally);
    }
  } finally {
    await readers.close();
    models.close();
    tally.seconds = (performance.now() - began) / 1000;
  }
  return tally;
}

function note(tally: Tally, { format, how }: Case, reading: Reading, number: number): void {
  tally.inputs++;
  count(tally.formats, format);
  count(tally.changes, how);
  count(tally.outcomes, outcomeOf(reading));
  if (reading.milliseconds > tally.slowest.milliseconds) tally.slowest = { milliseconds: reading.milliseconds, format, how, number };
  tally.peakMegabytes = process.resourceUsage().maxRSS / 1024;
}

function outcomeOf(reading: Reading): string {
  if ('limit' in reading) return `limit: ${reading.limit}`;
  const { reply } = reading;
  if ('error' in reply) return 'fault';
  return 'model' in reply || 'read' in reply ? 'taken' : 'refused';
}

export function readingFault(reading: Reading): string | null {
  return 'limit' in reading ? null : faultOf(reading.reply);
}

/** Throws where a model that was taken neither runs nor ends in words or at a limit. */
function judged(ending: Ending, tally: Tally): void {
  count(tally.models, 'ran' in ending ? 'ran' : 'cause' in ending ? ending.cause : 'said');
  const wrong = endingFault(ending);
  if (wrong) throw new Error(wrong);
}

export function endingFault(ending: Ending): string | null {
  if ('ran' in ending) return null;
  if ('cause' in ending && ending.cause === 'crash') return `a crash of the child: ${ending.words}`;
  return ending.words.startsWith('Wrong') ? ending.words : wordsFault(ending.words);
}
