// What the bench runs: the baselines as they lie on disk, and networks of the sizes students train.
import { baselines, readBaseline } from '../../lib/baselines/index.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { parseOnnx } from '../../lib/onnx/codec.ts';
import type { Graph, Model } from '../../lib/onnx/graph.ts';
import { modelOf } from '../models.ts';
import { cnn, mobileNet, resnet, visionTransformer, wideMlp } from './networks.ts';

export type Subject = {
  name: string;
  /** What the engine opens. */
  model: Model;
  /** The graph before intake touched it, for PyTorch to run as its author wrote it. */
  original: Graph;
};

/** By name; each made from code with seeded weights. */
const networks = {
  'MLP 5000': wideMlp, 'CNN 32-64': cnn, 'ResNet 16-32-64': resnet, 'MobileNet 16-64': mobileNet, 'ViT 4x64': visionTransformer,
};

/** All subjects; the adversarially trained twins are left out, since they cost what their originals cost. */
export async function subjects(): Promise<Subject[]> {
  const found: Subject[] = [];
  for (const { file, name } of baselines.filter(({ name }) => !name.includes('dversarial'))) {
    const bytes = await readBaseline(file);
    found.push({ name, model: await readUpload([{ name: file, bytes }]), original: parseOnnx(bytes).graph });
  }
  for (const [name, make] of Object.entries(networks)) {
    const graph = make();
    found.push({ name, model: modelOf(graph, { layout: 'N,1,28,28' }), original: graph });
  }
  return found;
}
