// By what a board is narrowed, in the words of its form.

export const choices = {
  baselines: [['shown', 'with students'], ['hidden', 'hidden'], ['only', 'alone']],
  tta: [['any', 'any'], ['declared', 'declared'], ['none', 'not declared']],
  gradient: [['any', 'any'], ['with', 'has one'], ['without', 'has none']],
} as const;
export type Choice = keyof typeof choices;

export const names: Readonly<Record<Choice, string>> = { baselines: 'Baselines', tta: 'Test-time augmentation', gradient: 'Gradient' };
