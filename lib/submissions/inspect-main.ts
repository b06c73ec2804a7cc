// What runs in the inspecting thread: upload -> canonical model and report, in plain JavaScript, without any runtime.
import { parentPort } from 'node:worker_threads';
import { messageOf, SubmissionError } from '../errors.ts';
import { reportOf } from '../evaluation/report.ts';
import { readUpload } from '../formats/read.ts';
import { encodeModel } from '../onnx/codec.ts';
import type { InspectReply, InspectRequest } from './inspect.ts';

async function reply({ files, options }: InspectRequest): Promise<InspectReply> {
  try {
    const model = await readUpload(files, options);
    return { report: reportOf(model), model: encodeModel(model) };
  } catch (error) {
    if (error instanceof SubmissionError) return { problem: error.problem };
    return { error: error instanceof Error && error.stack ? error.stack : messageOf(error) };
  }
}

// One request a thread: whatever an upload leaves behind is gone with it.
parentPort!.once('message', async (request: InspectRequest) => parentPort!.postMessage(await reply(request)));
