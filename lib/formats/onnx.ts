// The ONNX format: one model file and the data files its weights may lie in.
import { SubmissionError } from '../errors.ts';
import { parseOnnx, type Parsed } from '../onnx/codec.ts';
import { MissingDataFile } from '../onnx/tensors.ts';
import type { UploadedFile } from './archive.ts';
import { blamingModel, pytorchSnippet, wantedFile } from './problem.ts';

const oldestIr = 3;

/** Parses a model whose external data is among `others`, found by plain file name in the model's own folder. */
export function readOnnx(model: UploadedFile, others: readonly UploadedFile[]): Parsed {
  const folder = folderOf(model.name);
  const files = new Map(others.filter(({ name }) => folderOf(name) === folder).map(({ name, bytes }) => [baseName(name), bytes]));
  const parsed = blamingModel(() => parseNaming(model, files), {
    code: 'bad-onnx',
    wanted: wantedFile,
    fix: 'Export the model again and check that it opens in ONNX Runtime.',
    snippet: pytorchSnippet,
  });
  if (parsed.irVersion < oldestIr) {
    throw new SubmissionError({
      code: 'old-onnx',
      found: `The model has ONNX IR version ${parsed.irVersion}.`,
      wanted: `Gauntlet reads version ${oldestIr} and newer.`,
      fix: 'Export it with a newer exporter:',
      snippet: pytorchSnippet,
    });
  }
  return parsed;
}

function parseNaming(model: UploadedFile, files: ReadonlyMap<string, Uint8Array>): Parsed {
  try {
    return parseOnnx(model.bytes, files);
  } catch (error) {
    if (!(error instanceof MissingDataFile)) throw error;
    const beside = files.size > 0 ? ` (uploaded beside it: ${[...files.keys()].join(', ')})` : '';
    throw new SubmissionError(
      {
        code: 'data-file-missing',
        found: `The model "${baseName(model.name)}" keeps its weights in the file "${error.location}", which was not uploaded${beside}.`,
        wanted: 'Gauntlet needs the model and its data file together, named as they were exported.',
        fix: 'Select both files, or zip them; or export into one file (newer PyTorch: torch.onnx.export(..., external_data=False)).',
      },
      { cause: error },
    );
  }
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(folderOf(path).length);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
