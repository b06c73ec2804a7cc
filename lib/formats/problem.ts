// The words of a refusal, and the lines a student can paste to export a model that is taken.
import { SubmissionError, type SubmissionProblem } from '../errors.ts';
import { ModelError } from '../onnx/error.ts';
import { plainText } from '../plain-text.ts';

export const pytorchSnippet = `model.eval()
torch.onnx.export(model, (torch.zeros(1, 1, 28, 28),), "model.onnx",
                  input_names=["image"], output_names=["logits"],
                  dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})`;

/** Newer PyTorch warns of dynamic_axes; its exporter needs onnxscript. */
export const pytorchDynamoSnippet = `# pip install onnx onnxscript
model.eval()
torch.onnx.export(model, (torch.zeros(2, 1, 28, 28),), "model.onnx", dynamo=True, external_data=False,
                  input_names=["image"], output_names=["logits"],
                  dynamic_shapes=({0: torch.export.Dim("batch")},))`;

/** For any estimator or pipeline that the exporter knows. */
export const sklearnSnippet = `# pip install skl2onnx; model.fit(images.reshape(-1, 784), labels) with pixels in [0, 1] and labels 0 to 9
from skl2onnx import to_onnx

exported = to_onnx(model, images[:1].reshape(1, 784).astype("float32"), target_opset=17)
with open("model.onnx", "wb") as file:
    file.write(exported.SerializeToString())`;

export const kerasSnippet = `model.save("model.keras")   # Keras 3; with TensorFlow 2.15 and older: model.save("model.h5")`;

/** For models with layers of their own, whose code no Keras file holds. */
export const kerasOnnxSnippet = `# pip install tf2onnx
model.export("model.onnx", format="onnx")   # Keras 3, the model called once; before it:
# signature = (tf.TensorSpec((None, 28, 28, 1), tf.float32, name="image"),)
# tf2onnx.convert.from_keras(model, input_signature=signature, opset=17, output_path="model.onnx")`;

export const tensorflowJsSnippet = `await model.save('downloads://model');   // in the browser: model.json and model.weights.bin
// or, from a Keras file: pip install tensorflowjs
// tensorflowjs_converter --input_format=keras model.h5 folder`;

export const wantedFile =
  'Gauntlet takes ONNX models (an .onnx file, also with its .onnx.data), Keras models (.keras or .h5) and ' +
  'TensorFlow.js Layers models (model.json with its .bin files); several files together or in one zip.';
export const wantedModel =
  'Wanted one float32 input of 28x28 images ([N,1,28,28], [N,28,28,1], [N,28,28] or [N,784]) and one output [N,10].';

/** The refusal of a file that is no ONNX model. */
export function wrongFile(code: string, found: string, fix: string, snippet?: string): SubmissionError {
  return new SubmissionError({ code, found, wanted: wantedFile, fix, snippet });
}

/** The refusal of an ONNX model that is not what a challenge takes. */
export function wrongModel(code: string, found: string, fix: string, snippet?: string): SubmissionError {
  return new SubmissionError({ code, found, wanted: wantedModel, fix, snippet });
}

/** Of a graph that does not say what it should. */
export const badGraph = { code: 'bad-graph', wanted: wantedModel, fix: 'Export the model again:', snippet: pytorchSnippet };

/** Runs `work`; what it finds wrong with the model becomes the student's error. Bugs of ours stay what they are. */
export function blamingModel<T>(work: () => T, problem: Omit<SubmissionProblem, 'found'>): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ModelError) throw new SubmissionError({ ...problem, found: error.message }, { cause: error });
    throw error;
  }
}

const longestName = 100;
const longestList = 200;
const longestText = 1200;

/** A problem whose words any file may have brought along, as a page, a terminal and a database take it. */
export function presentable({ code, found, wanted, fix, snippet }: SubmissionProblem): SubmissionProblem {
  const said = (text: string) => {
    const names = text.replace(/"[^"]{100,}"/g, (quoted) => `"${plainText(quoted.slice(1, -1), longestName)}"`);
    const lists = names.replace(/\[[^[\]]{200,}\]/g, (list) => `[${plainText(list.slice(1, -1), longestList)}]`);
    return plainText(lists, longestText);
  };
  return { code, found: said(found), wanted: said(wanted), fix: said(fix), ...(snippet !== undefined && { snippet }) };
}
