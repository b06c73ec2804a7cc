// What lib/onnx throws when a model cannot be read, typed or converted: the model's fault, never a bug of ours.

/** The message says which node or tensor, what was found and what is wanted. Formats turn it into a SubmissionError. */
export class ModelError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
  }
}
