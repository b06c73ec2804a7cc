// What is said of a layer that cannot be taken: its name, its class, and what to do.
import { SubmissionError } from '../../errors.ts';
import { kerasOnnxSnippet } from '../problem.ts';

const wanted = 'Gauntlet reads Keras and TensorFlow.js models built of standard layers, channels last, with the weights of each layer.';

/** Which layer is meant: its own name and its Keras class. */
export type LayerName = { name: string; className: string };

/** How an error names a layer. */
export function said({ name, className }: LayerName): string {
  return `Layer "${shortened(name)}" (${shortened(className)})`;
}

/** A name from an upload, cut to a length a person reads. */
export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The refusal of one layer: what is wrong with it, as the end of a sentence that begins with its name. */
export function wrongLayer(layer: LayerName, code: string, what: string, fix: string, snippet?: string): SubmissionError {
  return new SubmissionError({ code, found: `${said(layer)} ${what}.`, wanted, fix, snippet });
}

/** The refusal of a layer, or of a way to use it, that has no translation here but may have one in ONNX. */
export function unsupportedLayer(layer: LayerName, code: string, what: string, fix = 'Replace it'): SubmissionError {
  return wrongLayer(layer, code, what, `${fix}, or export the model to ONNX and upload that:`, kerasOnnxSnippet);
}

/** The refusal of a model's description as a whole. */
export function wrongNetwork(code: string, found: string, fix: string): SubmissionError {
  return new SubmissionError({ code, found, wanted, fix });
}
