// The text of docs/attacks.md, from the committed figures of both sides.
import { compare, type Comparison, tolerance } from './compare.ts';
import { type ModelName, models, ours, theirs } from './rows.ts';

const titles: Record<ModelName, string> = {
  standard: 'Small CNN, standard training',
  augmented: 'The same CNN, trained on perturbed images',
  adversarial: 'The same CNN, adversarially trained (PGD-7, epsilon 0.1)',
  linear: 'Baseline: linear',
  mlp: 'Baseline: MLP',
  'reference-cnn': 'Baseline: reference CNN',
  'reference-cnn-adversarial': 'Baseline: reference CNN, adversarially trained',
  'cnn-sum-augmentation': 'Baseline: CNN trained with sum augmentation',
  'cnn-augmented': 'Baseline: CNN trained on perturbed images',
};

const labels: Record<string, string> = {
  fgsm: 'FGSM', bim: 'BIM-10', mim: 'MIM-10', pgd: 'PGD-40', 'apgd-ce': 'APGD-CE', 'apgd-dlr': 'APGD-DLR', 'apgd-t': 'APGD-T',
  'square-1000': 'Square, 1,000 queries', 'square-5000': 'Square, 5,000 queries', 'worst case': '**worst case**', ensemble: '`ensemble`',
};

const one = (value: number) => value.toFixed(1);
const epsilonLabel = (epsilon: number) => (epsilon === 8 / 255 ? '8/255' : `${epsilon}`);

function cellsOf(found: Comparison | undefined): string {
  if (!found) return ' | ';
  const loop = found.loop === undefined || Math.abs(found.loop - found.theirs) < 0.05 ? '' : ` (${one(found.loop)})`;
  const seeds = found.seeds ? ` (${found.seeds} seeds)` : '';
  return `${one(found.ours)}${found.within ? '' : ' !'} | ${one(found.theirs)}${loop}${seeds}`;
}

function table(rows: readonly Comparison[], norm: string): string[] {
  const within = rows.filter((row) => row.norm === norm);
  if (within.length === 0) return [];
  const epsilons = [...new Set(within.map(({ epsilon }) => epsilon))].sort((a, b) => a - b);
  const attacks = Object.keys(labels).filter((name) => within.some(({ attack }) => attack === name));
  return [
    `| ${norm === 'l2' ? 'L2' : 'L∞'} | ${epsilons.map((epsilon) => `ours, ${epsilonLabel(epsilon)} | theirs`).join(' | ')} |`,
    `|---|${'---:|---:|'.repeat(epsilons.length)}`,
    ...attacks.map((name) => `| ${labels[name]} | ${
      epsilons.map((epsilon) => cellsOf(within.find((row) => row.attack === name && row.epsilon === epsilon))).join(' | ')} |`),
    '',
  ];
}

function sectionOf(name: ModelName): { lines: string[]; rows: Comparison[] } {
  const [mine, reference] = [ours(name), theirs(name)];
  if (!mine || !reference) return { lines: [], rows: [] };
  const rows = compare(mine, reference);
  const clean = rows.find(({ attack }) => attack === 'clean')!;
  const images = (list: readonly Comparison[]) => [...new Set(list.map(({ total }) => total))].sort((a, b) => a - b).join(' or ');
  const [own, plain] = [rows.filter(({ loop }) => loop === undefined), rows.filter(({ loop }) => loop !== undefined)].map(images);
  return {
    lines: [
      `## ${titles[name]}`, '',
      `Clean ${one(clean.ours)}, theirs ${one(clean.theirs)}; ${plain} images, ${own} under APGD, Square and in the worst case.`, '',
      ...table(rows, 'linf'), ...table(rows, 'l2'),
    ],
    rows,
  };
}

/** The page, with one section a model that both sides have met. */
export function page(): string {
  const sections = (Object.keys(models) as ModelName[]).map(sectionOf);
  const rows = sections.flatMap((section) => section.rows);
  const outside = rows.filter(({ within }) => !within).length;
  return [
    '# Attacks beside torchattacks and AutoAttack',
    '',
    `Accuracy in per cent under attack, Gauntlet's beside what other people's code finds on the same models and images: the first of the`,
    'test split in file order. Below are the six committed baselines and three small CNNs trained',
    'for this table. All figures are made from one bit per image and attack, committed with the scripts under `tests/reference/attack_table/`.',
    '',
    `- **FGSM, BIM, MIM, PGD** start at the image on both sides (torchattacks 3.5.1). Step sizes: epsilon/4 for BIM, epsilon/10 for the others;`,
    `  they may differ by ${tolerance.sameStart} points. torchattacks takes its cross-entropy in float32, where very confident images lose their`,
    '  gradient; where that changes its figure, the one in parentheses is of the same steps in PyTorch with the loss in float64, and is the',
    '  one that ours is held to.',
    `- **APGD and Square** are the AutoAttack repository's own code with its standard parameters (100 steps, one restart, nine targets), each on`,
    `  every image that the model gets right. Each side draws its own starts and squares, AutoAttack's squares being the same for all images of a`,
    `  batch; ours may be weaker by ${tolerance.adaptive} points, or by one image where fewer than 200 were attacked.`,
    '  One sequence of squares, or one random start, has its own luck; so where ours had been the weaker by more, theirs was run with',
    '  more seeds and their mean stands here; for APGD-DLR, and the one trained with sum augmentation at 8/255, 1,000 images were taken instead of 250.',
    '- **Worst case**, per image, of APGD-CE, APGD-T and Square: AutoAttack\'s standard version without FAB. The attack `ensemble` looks for',
    '  the same in one trial, each of the three on what the one before left.',
    '',
    `${rows.length - outside} of ${rows.length} figures are within these tolerances${outside ? '; an exclamation mark stands at the others' : ''}.`,
    '',
    ...sections.flatMap(({ lines }) => lines),
  ].join('\n').trimEnd() + '\n';
}
