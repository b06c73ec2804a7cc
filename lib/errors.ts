// The two kinds of failure, told apart everywhere: the student's, which says what to do, and the platform's.

export type SubmissionProblem = {
  /** Stable machine-readable name, e.g. `not-onnx`. */
  code: string;
  /** What was found in the upload. */
  found: string;
  /** What Gauntlet wants instead. */
  wanted: string;
  /** What the student can do about it. */
  fix: string;
  /** Lines to paste, where lines help (an export snippet). */
  snippet?: string;
};

/** A failure that is the student's to mend: shown to the student whole, never retried, never logged as ours. */
export class SubmissionError extends Error {
  readonly problem: SubmissionProblem;

  constructor(problem: SubmissionProblem, options?: ErrorOptions) {
    super(`${problem.found} ${problem.wanted} ${problem.fix}`, options);
    this.name = 'SubmissionError';
    this.problem = problem;
  }
}

/** A request that cannot be served as asked: bad argument, missing row, missing right. The message is for the caller. */
export class RequestError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429;

  constructor(status: RequestError['status'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RequestError';
    this.status = status;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
