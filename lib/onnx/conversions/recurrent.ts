// Recurrent layers written out step by step, in operators that have gradients: a sequence of image rows has 28 steps.
import type { Context, Conversion } from '../conversions.ts';
import { int64Constant } from '../constants.ts';
import { ModelError } from '../error.ts';
import type { Attribute, Node } from '../graph.ts';
import { int, nameOf, node as make, text, type AttributeValue } from '../node.ts';

/** Longer sequences would make graphs that take minutes to open. */
const maxSteps = 128;

/** The state after a step: hidden, and for an LSTM the cell; undefined where it starts at zero. */
type State = { h?: string; c?: string };

/** Appends nodes under fresh names. */
class Writer {
  readonly nodes: Node[] = [];
  private readonly context: Context;
  private readonly prefix: string;

  constructor(context: Context, prefix: string) {
    this.context = context;
    this.prefix = prefix;
  }

  many(op: string, inputs: readonly string[], count: number, attributes: Readonly<Record<string, AttributeValue>> = {}): string[] {
    const outputs = Array.from({ length: count }, () => this.context.fresh(`${this.prefix}_${op}`));
    this.nodes.push(make(op, inputs, outputs, attributes));
    return outputs;
  }

  one(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.many(op, inputs, 1, attributes)[0];
  }

  ints(values: readonly number[], dims?: readonly number[]): string {
    return this.context.constant(`${this.prefix}_ints`, int64Constant(values, dims));
  }

  /** Entry `at` of the first axis. */
  entry(a: string, at: number): string {
    return this.one('Gather', [a, this.ints([at], [])], { axis: 0 });
  }

  add(a: string, b: string | undefined): string {
    return b ? this.one('Add', [a, b]) : a;
  }
}

/**
 * What one direction of a layer computes with: recurrent weights [hidden, gates x hidden] and their bias. `candidate` holds those of a
 * GRU's third gate alone, where it resets the state before the product (linear_before_reset = 0).
 */
type Cell = {
  w: Writer;
  recurrent: string;
  recurrentBias?: string;
  candidate?: { recurrent: string; bias?: string };
  activations: readonly string[];
};
type Step = (cell: Cell, x: string, state: State) => State;

const lstm: Step = ({ w, recurrent, recurrentBias, activations: [gate, candidate, output] }, x, { h, c }) => {
  const all = w.add(w.add(x, recurrentBias), h && w.one('MatMul', [h, recurrent]));
  const [i, o, f, g] = w.many('Split', [all], 4, { axis: 1, num_outputs: 4 });
  const fresh = w.one('Mul', [w.one(gate, [i]), w.one(candidate, [g])]);
  const cell = c ? w.one('Add', [w.one('Mul', [w.one(gate, [f]), c]), fresh]) : fresh;
  return { h: w.one('Mul', [w.one(gate, [o]), w.one(output, [cell])]), c: cell };
};

const gru: Step = ({ w, recurrent, recurrentBias, candidate, activations: [gate, activation] }, x, { h }) => {
  const product = h ? w.add(w.one('MatMul', [h, recurrent]), recurrentBias) : recurrentBias;
  const [xz, xr, xh] = w.many('Split', [x], 3, { axis: 1, num_outputs: 3 });
  const [rz, rr, rh] = product ? w.many('Split', [product], 3, { axis: -1, num_outputs: 3 }) : [];
  const z = w.one(gate, [w.add(xz, rz)]);
  const reset = (value: string) => w.one('Mul', [w.one(gate, [w.add(xr, rr)]), value]);
  const before = () => (h ? w.add(w.one('MatMul', [reset(h), candidate!.recurrent]), candidate!.bias) : candidate!.bias);
  const past = candidate ? before() : rh && reset(rh);
  const next = w.one(activation, [w.add(xh, past)]);
  // (1 - z) next + z h
  const kept = w.one('Sub', [next, w.one('Mul', [z, next])]);
  return { h: h ? w.one('Add', [kept, w.one('Mul', [z, h])]) : kept };
};

/** The weights of a GRU's candidate, apart: of [hidden, 3 x hidden] the last third. */
function candidateOf(w: Writer, recurrent: string, bias?: string): Cell['candidate'] {
  const last = (a: string, axis: number) => w.many('Split', [a], 3, { axis, num_outputs: 3 })[2];
  return { recurrent: last(recurrent, 1), bias: bias && last(bias, 0) };
}

const rnn: Step = ({ w, recurrent, recurrentBias, activations: [activation] }, x, { h }) => ({
  h: w.one(activation, [w.add(w.add(x, recurrentBias), h && w.one('MatMul', [h, recurrent]))]),
});

/** Whether each of a layer's passes runs backwards; none for a word that names no direction. */
function directionsOf(word: string): readonly boolean[] {
  if (word === 'bidirectional') return [false, true];
  return word === 'forward' ? [false] : word === 'reverse' ? [true] : [];
}

const written = (defaults: readonly string[], step: Step): Conversion => (node, context) => {
  const [x, weights, recurrent, bias, lengths, h0, c0, peepholes] = node.inputs;
  const w = new Writer(context, node.outputs.find((name) => name !== '')!);
  const [steps] = context.dims(x);
  const hidden = int(node, 'hidden_size', 0);
  const directions = directionsOf(text(node, 'direction', 'forward'));
  const listed = namesOf(node.attributes.activations);
  const zero = ['input_forget', 'layout'].every((name) => int(node, name, 0) === 0);
  const most = step === lstm ? 3 : 2;
  if (!x || !weights || !recurrent || node.outputs.length > most || directions.length === 0) {
    const found = `${nameOf(node)} has ${node.inputs.filter(Boolean).length} inputs and ${node.outputs.length} outputs`;
    throw new ModelError(`${found}; wanted an input with two weights, at most ${most} outputs, and a direction that ONNX knows.`);
  }
  const simple = zero && !node.attributes.clip && !peepholes && !lengths;
  const whole = listed.length === 0 || listed.length === directions.length * defaults.length;
  if (!simple || !whole || !(steps <= maxSteps) || hidden < 1 || listed.some((name) => !['Sigmoid', 'Tanh', 'Relu'].includes(name))) {
    const found = `${nameOf(node)} is a recurrent layer of ${steps} steps`;
    throw new ModelError(`${found}; wanted at most ${maxSteps}, without clipping, peepholes or sequence lengths, and with all activations or none.`);
  }
  const ends: { all: string; last: State }[] = directions.map((backwards, d) => {
    const activations = listed.length > 0 ? listed.slice(d * defaults.length) : defaults;
    const columns = (a: string) => w.one('Transpose', [w.entry(a, d)], { perm: [1, 0] });
    const [inputBias, recurrentBias] = bias ? w.many('Split', [w.entry(bias, d)], 2, { axis: 0, num_outputs: 2 }) : [];
    const own = columns(recurrent);
    const resetsFirst = step === gru && int(node, 'linear_before_reset', 0) === 0;
    const candidate = resetsFirst ? candidateOf(w, own, recurrentBias) : undefined;
    const cell: Cell = { w, recurrent: own, recurrentBias, candidate, activations };
    const projected = w.add(w.one('MatMul', [x, columns(weights)]), inputBias);
    let state: State = { h: h0 && w.entry(h0, d), c: c0 && w.entry(c0, d) };
    const hs: string[] = [];
    for (let t = 0; t < steps; t++) {
      const at = backwards ? steps - 1 - t : t;
      state = step(cell, w.entry(projected, at), state);
      hs[at] = state.h!;
    }
    const rows = hs.map((h) => w.one('Unsqueeze', [h, w.ints([0, 1])]));
    return { all: w.one('Concat', rows, { axis: 0 }), last: state };
  });
  const stacked = (parts: readonly string[]) => w.one('Concat', parts.map((part) => w.one('Unsqueeze', [part, w.ints([0])])), { axis: 0 });
  const results = [
    () => w.one('Concat', ends.map(({ all }) => all), { axis: 1 }),
    () => stacked(ends.map(({ last }) => last.h!)),
    () => stacked(ends.map(({ last }) => last.c!)),
  ];
  node.outputs.forEach((name, i) => {
    if (name !== '') w.nodes.push(make('Identity', [results[i]()], [name]));
  });
  return w.nodes;
};

function namesOf(attribute: Attribute | undefined): readonly string[] {
  return attribute?.kind === 'strings' ? attribute.value : [];
}

export const recurrent: Readonly<Record<string, Conversion>> = {
  LSTM: written(['Sigmoid', 'Tanh', 'Tanh'], lstm),
  GRU: written(['Sigmoid', 'Tanh'], gru),
  RNN: written(['Tanh'], rnn),
};
