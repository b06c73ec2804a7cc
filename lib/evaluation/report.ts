// What can be said of a model before it runs: shown after the upload, stored with the submission. Plain JSON.
import { withoutGradient } from '../autodiff/compile.ts';
import { badGraph, blamingModel } from '../formats/problem.ts';
import { costOf, layersOf, type Layer } from '../onnx/cost.ts';
import { weightsHash } from '../onnx/weights.ts';
import { plainText } from '../plain-text.ts';
import { maskingOperators } from './masking-operators.ts';
import type { InputLayout, Model, Origin, OutputKind, PixelScaling } from '../onnx/graph.ts';

export type Report = {
  layout: InputLayout;
  output: OutputKind;
  scaling: PixelScaling;
  /** The batch size the model insists on, or null. */
  batch: number | null;
  /** Elements of its floating-point weights. */
  parameters: number;
  /** Arithmetic of one forward pass of one image. */
  flopsPerImage: number;
  /** How often each operator occurs, by name. */
  operators: Record<string, number>;
  /** Operators between image and logits that have no gradient: gradient attacks are not run when there are any. */
  operatorsWithoutGradient: string[];
  /** Operators between image and logits that round, choose or draw random numbers (masking check M11), by name. */
  maskingOperators: string[];
  /** Fingerprint of the weights (lib/onnx/weights.ts), for the similarity report; null for a model without any. Missing before it was made. */
  weightsSha256?: string | null;
  /** The first of its steps from image to logits, and how many there are. Missing before they were told. */
  layers?: { shown: Layer[]; count: number };
  /** What the file said of itself. Missing before it was told, and where nothing is known. */
  origin?: Origin;
  /** Sentences for the student: what was recognised and what follows from it. */
  notes: string[];
};

/** A page shows no more, and lists of submissions carry their reports. */
const mostLayers = 200;
const longestName = 60;
const longestNote = 1000;
const short = (layer: Layer): Layer => ({ ...layer, name: plainText(layer.name, longestName) });

/** The static report of a canonical model. Throws SubmissionError for attributes that only a gradient asks for and that are not what they should be. */
export function reportOf(model: Model): Report {
  const { graph, layout, output, scaling, batch } = model;
  const operators: Record<string, number> = {};
  for (const op of graph.nodes.map((node) => node.op).toSorted()) operators[op] = (operators[op] ?? 0) + 1;
  const operatorsWithoutGradient = blamingModel(() => withoutGradient(graph), badGraph);
  const layers = layersOf(graph);
  return {
    layout,
    output,
    scaling,
    batch,
    ...costOf(graph),
    operators,
    operatorsWithoutGradient,
    maskingOperators: maskingOperators(graph),
    weightsSha256: weightsHash(graph),
    layers: { shown: layers.slice(0, mostLayers).map(short), count: layers.length },
    ...(model.origin && { origin: model.origin }),
    notes: notesOn(model, operatorsWithoutGradient).map((note) => plainText(note, longestNote)),
  };
}

function notesOn({ output, batch, scaling, notes: ingested = [] }: Model, withoutGradient: readonly string[]): string[] {
  const notes = [...ingested];
  if (output === 'probabilities')
    notes.push('The output is probabilities: the last activation is left out, so that attacks see the logits. No prediction changes.');
  if (output === 'log-probabilities') notes.push('The output is log-probabilities, which serve as logits. No prediction changes.');
  if (batch !== null) {
    const size = batch === 1 ? 'one image' : `${batch} images`;
    notes.push(`The model only runs on ${size} at a time, which is slower. Export it with a dynamic batch dimension for faster results.`);
  }
  if (scaling.scale !== 1 || scaling.mean !== 0 || scaling.deviation !== 1) {
    const range = scaling.scale === 255 ? '0 to 255' : '0 to 1';
    notes.push(`Pixels go in as (x - ${scaling.mean}) / ${scaling.deviation}, with x from ${range}, as you chose.`);
  }
  if (withoutGradient.length > 0) {
    notes.push(`No gradient is known for ${withoutGradient.join(', ')}: only the attacks that need none are run.`);
  }
  return notes;
}
