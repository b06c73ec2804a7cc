// What runs in that thread: one upload after another, as the inspecting thread reads one.
import { parentPort } from 'node:worker_threads';
import { SubmissionError } from '../../lib/errors.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import type { UploadedFile } from '../../lib/formats/archive.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';

export type Outcome = { taken: Uint8Array } | { refused: string; found: string } | { crash: string };

async function outcomeOf(files: UploadedFile[]): Promise<Outcome> {
  try {
    const model = await readUpload(files);
    reportOf(model);
    return { taken: encodeModel(model) };
  } catch (error) {
    if (error instanceof SubmissionError) return { refused: error.problem.code, found: error.problem.found };
    return { crash: error instanceof Error ? `${error.stack}` : String(error) };
  }
}

parentPort!.on('message', async (files: UploadedFile[]) => parentPort!.postMessage(await outcomeOf(files)));
