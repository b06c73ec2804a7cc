// Draws what the guide shows of attacks and test-time augmentation: real adversarial examples of training images on the reference
// CNN, and the copies that policies average over. Writes app/guide/drawn.png and app/guide/drawn.json.
// Run: npx tsx tests/reference/make_guide_pictures.ts
import { writeFile } from 'node:fs/promises';
import { policyName } from '../../app/ui/policy-name.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { inputsOf, pick } from '../../lib/evaluation/inputs.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { referenceEngine } from '../../lib/evaluation/reference.ts';
import { attackAndJudge } from '../../lib/evaluation/robustness.ts';
import { sidesOf } from '../../lib/evaluation/sides.ts';
import { imagesId } from '../../lib/evaluation/trial-id.ts';
import type { AttackTrial, Tta } from '../../lib/evaluation/trial.ts';
import type { Drawn, DrawnAttack, DrawnPolicy } from '../../app/guide/drawn.ts';
import { spriteOf } from '../../lib/pictures/png.ts';
import { shownImages } from '../../lib/pictures/contact.ts';
import { deriveKey, keysFromSeed, seedHexOf } from '../../lib/random.ts';
import { policies } from '../../lib/tta/index.ts';
import type { Policy } from '../../lib/tta/policy.ts';

const dataset = await loadFashionMnist(await findFashionMnist());
const reference = referenceEngine({});
const engine = inBatches(await reference());
const seed = seedHexOf('gauntlet-guide');
const keys = keysFromSeed(seed);
const clean = inputsOf({ kind: 'clean' }, Uint32Array.from(shownImages), dataset.train, keys);

const tiles: Uint8Array[] = [];
const place = (levels: ArrayLike<number>) => tiles.push(Uint8Array.from(levels, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255))) - 1;
const rowOf = (data: Float32Array, row: number) => data.subarray(row * 784, (row + 1) * 784);
const originals = shownImages.map((_, row) => place(rowOf(clean.x.data, row)));

/** Each image by itself, since an image once fooled needs no further round. The change is drawn around gray, full at the radius. */
async function attack(trial: AttackTrial): Promise<DrawnAttack> {
  const sources = { startKey: () => keys('attack-start', imagesId(trial), 'attack'), squareKey: () => keys('square', imagesId(trial), 'attack'), reference };
  const images = [];
  for (const row of shownImages.keys()) {
    const inputs = pick(clean, [row]);
    const sides = sidesOf(engine, trial, { train: dataset.train, key: (role) => deriveKey(seed, 'tta', 'guide', role) });
    const { verdicts, adversarial } = await attackAndJudge(sides, trial, inputs, sources, 1);
    const found = adversarial.get(0);
    if (!found) throw new Error(`The reference CNN gets training image ${shownImages[row]} wrong: choose another.`);
    const change = found.map((value, q) => 0.5 + (value - inputs.x.data[q]) / (2 * trial.epsilon));
    images.push({ prediction: verdicts[0].prediction, place: place(found), change: place(change) });
  }
  return { trial, images };
}

const bare = protocols['gauntlet-v1'].trials.filter((trial): trial is AttackTrial => trial.kind === 'attack' && !trial.tta && trial.norm === 'linf');
const plain = (trial: AttackTrial): AttackTrial => {
  const { images: _, scored: __, ...rest } = trial;
  return rest as AttackTrial;
};
const usual = bare.filter((trial) => trial.attack === 'pgd' && trial.steps === 40 && trial.restarts === 1 && trial.epsilon < 0.5).map(plain);
const middle = 8 / 255;
const kinds = new Map<string, AttackTrial>(bare.filter(({ epsilon }) => epsilon === middle).toReversed().map((trial) => [trial.attack, plain(trial)]));
const rest = { kind: 'attack', norm: 'linf', epsilon: middle, steps: 100, restarts: 1 } as const;
for (const name of ['apgd-ce', 'apgd-dlr'] as const) kinds.set(name, { ...rest, attack: name });
kinds.set('apgd-t', { ...rest, attack: 'apgd-t', targets: 9 });

const ladder: DrawnAttack[] = [];
for (const trial of usual) ladder.push(await attack(trial));
const attacks: DrawnAttack[] = [];
for (const trial of kinds.values()) attacks.push(await attack(trial));

/** The copies of one image that a policy asks the engine about; `mixup` first asks about the image itself. */
async function copies(tta: Tta, row: number): Promise<number[]> {
  const seen: Float32Array[] = [];
  const watched = { ...engine, logits: (rows: Parameters<typeof engine.logits>[0]) => (seen.push(...Array.from(rows.image, (_, i) => rowOf(rows.x.data, i).slice())), engine.logits(rows)) };
  const policy = (policies as Record<string, (parameters: never) => Policy>)[tta.policy](tta as never);
  const { x, image } = pick(clean, [row]);
  await policy(watched, { train: dataset.train, key: (role) => deriveKey(seed, 'tta', 'guide', role) }).logits({ x, image, draw: { role: 'evaluate', restart: 0, step: 0 } });
  return seen.slice(tta.policy === 'mixup' ? 1 : 0).slice(0, 9).map(place);
}

const drawn: Tta[] = [
  { policy: 'hflip' }, { policy: 'shift' }, { policy: 'rot' }, { policy: 'rot90' }, { policy: 'd4' }, { policy: 'sum', k: 2, ownWeight: 4, repetitions: 16 },
  { policy: 'mixup', partners: 'predicted', lambda: 0.6, repetitions: 8 }, { policy: 'mixup', partners: 'other', lambda: 0.6, repetitions: 8 },
];
const ways: DrawnPolicy[] = [];
for (const tta of drawn) ways.push({ name: policyName(tta), tta, places: await copies(tta, 0) });

const columns = 20;
const sprite = spriteOf(tiles, columns);
const found: Drawn = {
  columns, rows: sprite.rows, originals, labels: [...clean.labels], images: [...shownImages], ladder, attacks, policies: ways,
};
const at = (name: string) => new URL(`../../app/guide/${name}`, import.meta.url);
await writeFile(at('drawn.png'), sprite.png);
await writeFile(at('drawn.json'), `${JSON.stringify(found, null, 1).replaceAll(/\n\s+(?=[\d\]}"])/g, ' ')}\n`);
console.log(tiles.length, sprite.png.length);
await engine.close();
