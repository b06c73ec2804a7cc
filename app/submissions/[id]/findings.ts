// What stands out in a submission's results, in sentences that its figures bear out, and what students try about it. Pure.
import { epsilon as epsilonText, percent, points, words } from '@/app/ui/format';
import { classNames } from '@/lib/evaluation/classes';
import type { CorruptionError } from '@/lib/evaluation/corruption';
import type { Family } from '@/lib/evaluation/families';
import type { Score } from '@/lib/evaluation/score';
import { mistakesIn } from './confusion-counts';

/** `section` is the id of the part of the page that shows it. */
export type Finding = { section: string; title: string; text: string };

export type Evidence = {
  score: Score | null;
  corruption: CorruptionError | null;
  /** Counts of the mixed cell, else of the clean one; null before either has landed. */
  confusion: readonly number[] | null;
};

const advice: Partial<Record<Family, string>> = {
  geometric: 'Training on shifted, rotated and scaled copies is what usually moves it.',
  blur: 'Training on blurred copies, or a wider first kernel, is what usually moves it.',
  noise: 'Training with noise added to the images is what usually moves it.',
  photometric: 'Training with random brightness and contrast, or normalising each image by itself, is what usually moves it.',
  occlusion: 'Training with random erasing is what usually moves it.',
  digital: 'Training on coarsened copies is what usually moves it.',
};

/** The most telling first; nothing that its intervals leave open. */
export function findingsOf(evidence: Evidence): Finding[] {
  return [weakestFamily, worseThanReference, fallsUnderAttack, commonestMistake, policyWorthDeclaring].flatMap((find) => find(evidence) ?? []);
}

function weakestFamily({ score }: Evidence): Finding | null {
  const mean = score?.meanPerturbation;
  const families = Object.entries(score?.families ?? {}).sort(([, a], [, b]) => a.value - b.value);
  const [weakest] = families;
  // Under a declared policy the mean is not that of the families, which are the bare model's.
  if (!mean || score.declared || families.length < 3 || weakest[1].high >= mean.low) return null;
  const [family, { value }] = weakest;
  const worst = score.worstPerturbation;
  const single = worst ? ` The single worst is ${words(worst.perturbation)}, ${percent(worst.value)} %.` : '';
  const text = `${percent(value)} % on average, ${points(mean.value - value).slice(1)} points below the mean of all.${single} ${advice[family as Family] ?? ''}`;
  return { section: 'perturbations', title: `Weakest family: ${family}`, text: text.trim() };
}

function worseThanReference({ corruption }: Evidence): Finding | null {
  const worse = Object.entries(corruption?.perturbations ?? {}).filter(([, { ce }]) => ce.low > 100).sort(([, a], [, b]) => b.ce.value - a.ce.value);
  const all = Object.keys(corruption?.perturbations ?? {}).length;
  if (worse.length === 0 || all === 0) return null;
  const named = worse.slice(0, 3).map(([name, { ce }]) => `${words(name)} (CE ${ce.value.toFixed(0)})`).join(', ');
  return {
    section: 'perturbations',
    title: `More errors than the reference CNN under ${worse.length} of ${all} perturbations`,
    text: `Most of all under ${named}. The map can be set against the reference.`,
  };
}

/** A small radius that costs much is the commonest surprise. */
function fallsUnderAttack({ score }: Evidence): Finding | null {
  const clean = score?.bare ? score.bare.clean : score?.clean;
  const rung = score?.ladder.toSorted((a, b) => a.epsilon - b.epsilon).find(({ worst }) => clean && worst.high < clean.low / 2);
  if (!clean || !rung) return null;
  const text = `${percent(clean.value)} % clean becomes ${percent(rung.worst.value)} % in the worst case, though no pixel moves by more than ${epsilonText(rung.epsilon)} of its range. Adversarial training (PGD of a few steps) is what usually helps; it costs some clean accuracy.`;
  return { section: 'attacks', title: `More than half is lost at radius ${epsilonText(rung.epsilon)}`, text };
}

const telling = 0.15;

function commonestMistake({ confusion }: Evidence): Finding | null {
  const worst = confusion && mistakesIn(confusion)[0];
  if (!worst || worst.share < telling) return null;
  const [truth, said] = [classNames[worst.truth], classNames[worst.predicted]];
  return { section: 'classes', title: `${truth} is taken for ${said}`, text: `In ${percent(worst.share, 0)} % of its images, the commonest mistake of all.` };
}

function policyWorthDeclaring({ score }: Evidence): Finding | null {
  if (!score || score.declared) return null;
  const best = Object.entries(score.ttaGain).filter(([, { low }]) => low > 0).sort(([, a], [, b]) => b.value - a.value)[0];
  if (!best) return null;
  return {
    section: 'augmentation',
    title: 'Test-time augmentation helps this model',
    text: `It gains ${points(best[1].value).slice(1)} points of mixed accuracy without training anew. Declared at the next upload, it makes the ranked columns.`,
  };
}
