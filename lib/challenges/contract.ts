// What a model must be to be taken, for the page that asks for one. The reader that decides lives in lib/formats.
import { kerasSnippet, pytorchSnippet, tensorflowJsSnippet, wantedFile, wantedModel } from '../formats/problem.ts';

export const modelContract = {
  file: wantedFile,
  model: wantedModel,
  /** Lines that save a model so that Gauntlet takes it, by framework. */
  snippets: {
    PyTorch: { language: 'Python', text: pytorchSnippet },
    Keras: { language: 'Python', text: kerasSnippet },
    'TensorFlow.js': { language: 'JavaScript', text: tensorflowJsSnippet },
  },
} as const;
