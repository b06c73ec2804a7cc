// What the inspecting thread answers: upload -> canonical model and report, in plain JavaScript, without any runtime.
import { messageOf, SubmissionError } from '../errors.ts';
import { reportOf } from '../evaluation/report.ts';
import { presentable } from '../formats/problem.ts';
import { readUpload } from '../formats/read.ts';
import { encodeModel } from '../onnx/codec.ts';
import type { InspectReply, InspectRequest } from './inspect.ts';

/** Never throws: what is wrong with the upload is a `problem`, and a fault of ours an `error`. */
export async function replyTo({ files, options }: InspectRequest): Promise<InspectReply> {
  try {
    const model = await readUpload(files, options);
    return { report: reportOf(model), model: encodeModel(model) };
  } catch (error) {
    if (error instanceof SubmissionError) return { problem: presentable(error.problem) };
    return { error: error instanceof Error && error.stack ? error.stack : messageOf(error) };
  }
}
