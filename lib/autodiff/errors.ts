// The failure of the gradient compiler: the model runs, but this cannot be differentiated.

export class NoGradientError extends Error {
  /** The operators that stand in the way. */
  readonly operators: readonly string[];

  constructor(operators: readonly string[], message: string) {
    super(message);
    this.name = 'NoGradientError';
    this.operators = operators;
  }
}
