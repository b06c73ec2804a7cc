// The reference CNN as an engine: what the attack `transfer` climbs, whatever the model under attack.
import { readBaseline } from '../baselines/index.ts';
import type { Engine } from '../engines/engine.ts';
import { openEngine, type EngineOptions } from '../engines/open.ts';
import { readUpload } from '../formats/read.ts';

const file = 'reference-cnn.onnx';

/** Opens it at the first call, and gives the same engine ever after. Throws an Error when the file cannot be read. */
export function referenceEngine(options: EngineOptions): () => Promise<Engine> {
  let opened: Promise<Engine> | undefined;
  const open = async () => openEngine(await readUpload([{ name: file, bytes: await readBaseline(file) }]), options);
  return () => (opened ??= open());
}
