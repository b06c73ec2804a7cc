// What a sign of each masking check does not prove, beside what the guide says of it.
import type { CheckId } from '@/lib/evaluation/masking';

export const doubts: Record<CheckId, string> = {
  M1: 'That the model is weak: only that the gradient attacks understate how weak. Square is the better witness here.',
  M2: 'That it was meant: a step size that does not suit the radius can look the same.',
  M3: 'That it was meant: a model that hardly does better than guessing shows it too, since little is left to break.',
  M4: 'That anything is hidden: some honest models are merely slow to attack.',
  M5: 'That it was meant: very confident models get there by rounding alone.',
  M6: 'That it was meant: dropout that was left on does the same.',
  M7: 'That it was meant: most such models simply end in a Softmax that could not be cut off.',
  M8: 'That the answers are wrong: only that their slope is not what it says.',
  M9: 'That its own gradients are false: a model much like the reference CNN shares its weak spots.',
  M10: 'Much at very small radii, where noise and attack are hard to tell apart.',
  M11: 'That it matters: the check only reads the graph, and the operator may stand where it changes nothing.',
};
