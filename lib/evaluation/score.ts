// What a set of cells is worth: a pure function of the cells, and the type the database and the pages hold.

/** A figure in [0, 1] with its 95 % interval and the number of base images behind it. */
export type Estimate = { value: number; low: number; high: number; images: number };

/** Columns of a board; null until the cells behind a column have all landed. */
export type Score = {
  clean: Estimate | null;
  /** The course's own measure and the default primary metric. */
  mixed: Estimate | null;
  /** Mean accuracy over the protocol's (perturbation, severity) cells. */
  meanPerturbation: Estimate | null;
  /** Mean over the epsilon ladder of the per-image worst case over all attacks at that epsilon. */
  robust: Estimate | null;
  /** Why robust will stay null (no gradient), absent otherwise. */
  notAttacked?: string;
  /** Mixed accuracy under each TTA policy minus without, by the policy's label. */
  ttaGain: Record<string, Estimate>;
  /** Lowest mean accuracy over severities of one perturbation. */
  worstPerturbation: { perturbation: string; value: number } | null;
};

export const metrics = ['mixed', 'meanPerturbation', 'robust', 'clean'] as const;
/** A column a board can be ranked by. */
export type Metric = (typeof metrics)[number];
