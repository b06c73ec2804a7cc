// Opens a model in the browser: the site's own reading of files, over ONNX Runtime in WebAssembly. Nothing is sent anywhere.
import type { Engine } from '../engines/engine.ts';
import { reportOf, type Report } from '../evaluation/report.ts';
import { openSound } from '../evaluation/sound.ts';
import type { UploadedFile } from '../formats/archive.ts';
import type { UploadOptions } from '../formats/canonical.ts';
import { readUpload } from '../formats/read.ts';
import type { Model } from '../onnx/graph.ts';
import { playgroundPool } from './images.ts';
import { browserEngine } from './runtime.ts';

/** For a look at whether an image's answer depends on those beside it, as an evaluation takes. */
const lookedAtTogether = 32;

export type Opened = { engine: Engine; report: Report };

/**
 * The engine and the report of a model: what an upload of the same files would say. One image a run, since a person looks at one.
 * Throws SubmissionError, with the site's own words, for what the site would refuse or fail; an Error where the runtime lacks something.
 */
export async function openModel(files: readonly UploadedFile[], options: UploadOptions = {}): Promise<Opened> {
  const read = await readUpload(files, options);
  const report = reportOf(read);
  let model = read;
  const sound = await openSound(read, playgroundPool(), async (each: Model) => {
    model = each;
    return browserEngine(each, lookedAtTogether);
  });
  await sound.close();
  return { engine: browserEngine(model, 1), report };
}
