// What the guide tells: a challenge's own, or the default protocol's, and the refusals that students meet most, from the code that refuses.
import type { Viewer } from '../auth/viewer.ts';
import { SubmissionError, type SubmissionProblem } from '../errors.ts';
import { protocols } from '../evaluation/protocols.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { readInput } from '../formats/input.ts';
import { dataFileAlone, refusalOf, refusalOfArchive } from '../formats/refuse.ts';
import type { ChallengeView } from './challenges.ts';
import { admitted } from './standing.ts';

export type Guide = { protocol: Protocol; challenge: ChallengeView | null };

/** The guide of a challenge that the viewer may read; without one, of the built-in protocol that new challenges begin with. */
export async function guideOf(viewer: Viewer | null, slug?: string): Promise<Guide> {
  if (slug === undefined) return { protocol: protocols['gauntlet-v1'], challenge: null };
  const { challenge } = await admitted(viewer, slug);
  return { protocol: challenge.protocol, challenge };
}

/** What refuses a graph whose input has these dimensions. */
function inputOf(...inputs: { name: string; dims: (number | null)[] }[]): () => void {
  const graph = { name: 'model', outputs: [], nodes: [], constants: new Map(), inputs: inputs.map((one) => ({ ...one, type: 'float32' as const })) };
  return () => void readInput(graph);
}

const refuse = (error: SubmissionError | null) => () => {
  throw error;
};

const frequent: readonly [title: string, attempt: () => void][] = [
  ['A PyTorch state dict or checkpoint', refuse(refusalOfArchive('model.pt', ['archive/data.pkl', 'archive/data/0']))],
  ['A pickle, as joblib and older PyTorch write it', refuse(refusalOf('model.pkl', 'pickle'))],
  ['A TorchScript file', refuse(refusalOfArchive('scripted.pt', ['archive/data.pkl', 'archive/constants.pkl', 'archive/code/net.py']))],
  ['A TensorFlow SavedModel', refuse(refusalOf('saved_model.pb', 'saved-model'))],
  ['Weights without the network', refuse(refusalOf('model.safetensors', 'safetensors'))],
  ['The data file of an ONNX model alone', refuse(dataFileAlone('model.onnx.data'))],
  ['An upload that broke off', refuse(refusalOf('model.onnx', 'onnx-cut'))],
  ['A Git LFS pointer', refuse(refusalOf('model.onnx', 'lfs-pointer'))],
  ['Color images', inputOf({ name: 'image', dims: [null, 3, 28, 28] })],
  ['Another image size', inputOf({ name: 'image', dims: [null, 1, 32, 32] })],
  ['No batch dimension', inputOf({ name: 'image', dims: [28, 28] })],
  ['Two inputs', inputOf({ name: 'image', dims: [null, 1, 28, 28] }, { name: 'mask', dims: [null, 1, 28, 28] })],
];

export type FrequentProblem = { title: string; problem: SubmissionProblem };

/** In the order of how often they are met. */
export const frequentProblems: readonly FrequentProblem[] = frequent.map(([title, attempt]) => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SubmissionError) return { title, problem: error.problem };
    throw error;
  }
  throw new Error(`Nothing is wrong any more with: ${title}. Take it out of the guide.`);
});
