// Why a plain form was not taken, by a word in the address: sentences in an address would let anybody write them.
const sentences: Readonly<Record<string, string>> = {
  'too-large': 'The files are larger than an upload may be. Export the network alone, without optimizer state or checkpoints.',
  'too-often': 'That were too many uploads in a short time. Wait ten minutes.',
  empty: 'No file arrived. Choose the model, for example model.onnx or model.keras.',
};

export const sentenceOf = (word: string): string => sentences[word] ?? 'It did not arrive whole. Send it again.';
