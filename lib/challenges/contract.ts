// What a model must be to be taken, for the page that asks for one. The reader that decides lives in lib/formats.
import { kerasSnippet, pytorchSnippet, wantedFile, wantedModel } from '../formats/problem.ts';

export const modelContract = {
  file: wantedFile,
  model: wantedModel,
  /** Lines that export a model Gauntlet takes. */
  snippets: { PyTorch: pytorchSnippet, Keras: kerasSnippet },
} as const;
