// What a model must be to be taken, for the page that asks for one. The reader that decides lives in lib/formats.
import {
  kerasOnnxSnippet, kerasSnippet, pytorchDynamoSnippet, pytorchSnippet, sklearnSnippet, tensorflowJsSnippet, wantedFile, wantedModel,
} from '../formats/problem.ts';

export const modelContract = {
  file: wantedFile,
  model: wantedModel,
  /** Lines that save a model so that Gauntlet takes it, by framework. */
  snippets: {
    PyTorch: { language: 'Python', text: pytorchSnippet },
    'PyTorch 2.9 and newer': { language: 'Python', text: pytorchDynamoSnippet },
    Keras: { language: 'Python', text: kerasSnippet },
    'Keras, with layers of your own': { language: 'Python', text: kerasOnnxSnippet },
    'TensorFlow.js': { language: 'JavaScript', text: tensorflowJsSnippet },
    'scikit-learn': { language: 'Python', text: sklearnSnippet },
  },
} as const;
