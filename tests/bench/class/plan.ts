// Who is in a simulated class and what they hand in when: names, skills, weeks, failures. Pure, and the same for the same seed.
import type { Failure } from '../../../lib/db/schema.ts';
import { deriveKey, sample, Stream, type Key } from '../../../lib/random.ts';
import type { RealModel } from './outcomes.ts';
import type { Recipe } from './mix.ts';

export type PlannedSubmission = {
  name: string;
  at: Date;
  late: boolean;
  recipe: Recipe;
  /** Of the file that stands in for it; a copy has that of whom it was copied from, who hands it in before. */
  serial: number;
  copied: boolean;
  /** How its evaluation ended. */
  end: 'finished' | 'cancelled' | Failure;
};
export type PlannedStudent = {
  name: string;
  email: string;
  number: string;
  section: string;
  /** Whether there is an account that has claimed the place on the class list. */
  claimed: boolean;
  pseudonym: string | null;
  submissions: PlannedSubmission[];
};
export type ClassSize = { students: number; submissions: number; seed: number };
export type Calendar = { opensAt: Date; closesAt: Date; now: Date };

const first = `Ada Amir Anna Arjun Bea Bo Carla Chen Dana David Elif Emma Eva Felix Finn Gita Hana Hugo Ida Ivan Jana Jonas Kai Karim Lena Leo
  Lin Luca Maja Marek Mia Mo Nadia Nils Noor Olga Omar Paula Pedro Quinn Rania Remy Rosa Samir Sara Sofia Tariq Theo Uma Vera Wei Yara Yusuf Zoe`.split(/\s+/);
const last = `Abbas Adeyemi Bauer Becker Bianchi Chowdhury Costa Dubois Eriksen Farah Fischer Garcia Haddad Hansen Hoffmann Ito Ivanova Jansen Kaya
  Keller Kim Kowalski Kumar Larsen Lehmann Lopez Mbeki Meyer Moreau Nakamura Nguyen Novak Okafor Oliveira Park Patel Petrov Quist Rossi Sato
  Schulz Silva Singh Tanaka Thomsen Vogel Wang Weber Yilmaz Zhang`.split(/\s+/);
const models = ['small CNN', 'wider CNN', 'ResNet-ish', 'with dropout', 'batch norm', 'trained on perturbed data', 'mixup', 'longer schedule', 'PGD-trained', 'ensemble distilled'];

/** Endings as the platform words them, with how many in a thousand end so. */
const failures: [number, Failure][] = [
  [14, student('limit-memory', 'The process took more memory than it may.', 'At most 2048 MB for the model with its gradients and a batch of 32 images.', 'Use fewer or smaller layers.')],
  [12, student('batch-dependent', "The model's answer to an image changes with the other images of the batch.", 'A model that treats every image by itself.', 'Call model.eval() before the export.')],
  [9, student('run-error', 'Got invalid dimensions for input: x, index: 1, got: 784, expected: 3072.', 'A model that runs on any batch of 28x28 images.', 'Run the exported file with onnxruntime on 32 random images on your machine.')],
  [5, student('limit-wall-time', 'time of one shard: 600 s allowed, not yet done after 590 s of processor time.', 'A model about as fast as its number of operations promises.', 'Replace operators that run element by element.')],
  [8, { blame: 'platform', message: 'Part of the evaluation (mixed) failed 3 times for a reason that is not your model\'s. It costs nothing.' }],
];
const cancelled = 20;

function student(code: string, found: string, wanted: string, fix: string): Failure {
  return { blame: 'student', problem: { code, found, wanted, fix } };
}

/**
 * Students in the order of the class list. About three in a hundred hand nothing in, and half of those never signed up; one in
 * forty has copied a last submission from the neighbour.
 */
export function planClass(size: ClassSize, calendar: Calendar, real: readonly RealModel[]): PlannedStudent[] {
  const planned = independent(size, calendar, real);
  planned.forEach(({ submissions: own }, i) => {
    const from = planned[i - 1]?.submissions.at(-1);
    const last = own.at(-1);
    if (i % 40 !== 5 || !from || !last) return;
    own[own.length - 1] = { ...last, recipe: from.recipe, serial: from.serial, end: from.end, copied: true };
  });
  return planned;
}

function independent({ students, submissions, seed }: ClassSize, calendar: Calendar, real: readonly RealModel[]): PlannedStudent[] {
  return Array.from({ length: students }, (_, i) => {
    const key = deriveKey(`class ${seed}`, 'parameters', `student ${i}`, 'evaluate');
    const chance = new Stream(key, { image: 0 });
    const name = `${first[chance.integer(first.length)]} ${last[chance.integer(last.length)]}`;
    const absent = i % 33 === 20;
    return {
      name,
      email: `${name.toLowerCase().replace(' ', '.')}.${i + 1}@class.test`,
      number: String(20_260_000 + i),
      section: 'ABCDEF'[i % 6],
      claimed: !(absent && i % 2 === 0),
      pseudonym: chance.uniform() < 0.2 ? `gradient ${i + 1}` : null,
      submissions: absent ? [] : handedIn(submissions, key, calendar, real, (seed * 10_000 + i) * 1000),
    };
  });
}

function handedIn(count: number, key: Key, { opensAt, closesAt, now }: Calendar, real: readonly RealModel[], serial: number): PlannedSubmission[] {
  const chance = new Stream(key, { image: 1 });
  const talent = chance.uniform();
  const span = closesAt.getTime() - opensAt.getTime();
  // Most of the work is done in the last weeks; one submission in forty comes after the deadline.
  const times = Array.from({ length: count }, () =>
    chance.uniform() < 0.025
      ? closesAt.getTime() + chance.uniform() * (now.getTime() - closesAt.getTime())
      : opensAt.getTime() + span * chance.uniform() ** 0.6,
  ).sort((a, b) => a - b);
  return times.map((time, k) => {
    const progress = (k + 1) / count;
    const skill = Math.max(0, Math.min(1, talent * (0.3 + 0.7 * progress) + 0.16 * (chance.uniform() - 0.5)));
    const best = real[real.length - 1 - chance.integer(Math.min(2, real.length))];
    const [one, two] = sample(real.filter((model) => model !== best), Math.min(2, real.length - 1), chance);
    const masked = chance.uniform() < 0.03 ? real.find(({ file }) => file === 'reference-cnn-adversarial.onnx') : undefined;
    const own = deriveKey(`${key.join(' ')}`, 'pixels', `submission ${k}`, 'evaluate');
    return {
      name: `${models[chance.integer(models.length)]}, v${k + 1}`,
      at: new Date(time),
      late: time > closesAt.getTime(),
      recipe: { best, first: one ?? best, second: two ?? one ?? best, skill, key: own, masked },
      serial: serial + k,
      copied: false,
      end: endOf(chance.uniform() * 1000),
    };
  });
}

function endOf(drawn: number): PlannedSubmission['end'] {
  let bound = 0;
  for (const [many, failure] of failures) if (drawn < (bound += many)) return failure;
  return drawn < bound + cancelled ? 'cancelled' : 'finished';
}
