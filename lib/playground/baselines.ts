// The baselines that the site gives to everybody who wants to play at once: files of its own, fetched when one is chosen.

/** Written out one by one, or a bundler cannot tell which files are meant. */
const addresses = {
  'linear.onnx': () => new URL('../baselines/linear.onnx', import.meta.url),
  'mlp.onnx': () => new URL('../baselines/mlp.onnx', import.meta.url),
  'reference-cnn-adversarial.onnx': () => new URL('../baselines/reference-cnn-adversarial.onnx', import.meta.url),
  'reference-cnn.onnx': () => new URL('../baselines/reference-cnn.onnx', import.meta.url),
  'cnn-sum-augmentation.onnx': () => new URL('../baselines/cnn-sum-augmentation.onnx', import.meta.url),
  'cnn-augmented.onnx': () => new URL('../baselines/cnn-augmented.onnx', import.meta.url),
};

export type BaselineFile = keyof typeof addresses;

/** The file of a baseline. Throws an Error when the site does not give it. */
export async function fetchBaseline(name: BaselineFile): Promise<{ name: string; bytes: Uint8Array }> {
  const address = addresses[name]();
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The site did not give the baseline ${name} (${response.status}). Load the page again.`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
