// Models that loop, spin and allocate, each given to the worker's own child, and what must become of it: words, or the name of a limit.
// None of them is stopped by the inspection here: what if one got past it.
import { messageOf } from '../../lib/errors.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import type { Constant, Graph, Model, Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import type { ChildLimits } from '../../lib/child-limits.ts';
import { graphOf, linear, mlpModel, modelOf } from '../models.ts';
import { startModels, type Ending } from './models.ts';

type Hostile = { model: () => Model; bounds?: Partial<ChildLimits>; ends: RegExp };
export type Tried = { name: string; ending: string; wrong: boolean };

/** x -> `more` from x to y -> its mean over the columns, added to the logits of a linear layer. */
function around(more: (constants: Record<string, Constant>) => Node[]): Model {
  const constants: Record<string, Constant> = { columns: int64Constant([1]) };
  const nodes = [linear(constants, 1, 'x', 'scores', [784, 10]), ...more(constants), node('ReduceMean', ['y', 'columns'], ['mean'], { keepdims: 1 }), node('Add', ['scores', 'mean'], ['logits'])];
  return modelOf(graphOf({ constants, nodes }));
}

const chain = (length: number, make: (from: string, to: string, i: number) => Node): Node[] =>
  Array.from({ length }, (_, i) => make(i === 0 ? 'wide' : `w${i}`, i === length - 1 ? 'y' : `w${i + 1}`, i));

/** x beside itself, `times` times as wide. */
const widened = (constants: Record<string, Constant>, times: number): Node => {
  constants.times = int64Constant([1, times]);
  return node('Tile', ['x', 'times'], ['wide']);
};

const body: Graph = {
  name: 'body', nodes: [node('Add', ['carried', 'carried'], ['next']), node('Identity', ['going'], ['still'])], constants: new Map(),
  inputs: [['trip', 'int64'], ['going', 'bool'], ['carried', 'float32']].map(([name, type]) => ({ name, type: type as 'int64', dims: [] })),
  outputs: [['still', 'bool'], ['next', 'float32']].map(([name, type]) => ({ name, type: type as 'bool', dims: [] })),
};

const soon = { sessionSeconds: 8 };

export const hostile = {
  'a Loop of 10^9 trips': {
    ends: /^session: .*not yet open/, bounds: soon,
    model: () => around((constants) => {
      constants.trips = int64Constant([1e9], []);
      return [node('Loop', ['trips', '', 'x'], ['y'], { body: { kind: 'graph', value: body } })];
    }),
  },
  'a constant of 10^12 elements': {
    ends: /^memory: 2048 MB allowed/,
    model: () => around((constants) => {
      constants.sizes = int64Constant([1, 1e12]);
      return [node('ConstantOfShape', ['sizes'], ['made']), node('ReduceMean', ['made', 'columns'], ['one'], { keepdims: 1 }), node('Add', ['x', 'one'], ['y'])];
    }),
  },
  'a tensor beside itself, doubled 40 times': {
    ends: /^memory: 2048 MB allowed/,
    model: () => around(() => [node('Identity', ['x'], ['wide']), ...chain(40, (from, to) => node('Concat', [from, from], [to], { axis: 1 }))]),
  },
  'forty tensors of 100 MB that are wanted at once': {
    ends: /^memory: 2048 MB allowed/,
    model: () => around((constants) => [
      widened(constants, 2000), ...Array.from({ length: 40 }, (_, i) => {
        constants[`c${i}`] = floatConstant([i], []);
        return node('Add', ['wide', `c${i}`], [`t${i}`]);
      }),
      node('Sum', Array.from({ length: 40 }, (_, i) => `t${i}`), ['y']),
    ]),
  },
  'thousands of products, each cheap enough': {
    ends: /^session: .*not yet open/, bounds: soon,
    model: () => around((constants) => {
      constants.square = floatConstant(new Float32Array(784 * 784).fill(1e-3), [784, 784]);
      return [node('Identity', ['x'], ['wide']), ...chain(18_000, (from, to, i) => node(i % 2 ? 'MatMul' : 'Tanh', i % 2 ? [from, 'square'] : [from], [to]))];
    }),
  },
  'moving 50 MB to and fro, which counts as no arithmetic': {
    // The runtime may see that most of it undoes itself.
    ends: /^(session: .*not yet open|memory: |ran)/, bounds: soon,
    model: () => around((constants) => [widened(constants, 1000), ...chain(4000, (from, to) => node('Transpose', [from], [to], { perm: [1, 0] }))]),
  },
  'as many nodes as are read, each of which must be opened': {
    // Where opening them is quick, running them is slow.
    ends: /^(session: .*not yet open|silence: |ran)/, bounds: soon,
    model: () => around(() => [node('Identity', ['x'], ['wide']), ...chain(19_000, (from, to) => node('Sin', [from], [to]))]),
  },
  'weights that are no numbers': {
    ends: /^ran/,
    model: () => {
      const { graph, ...facts } = mlpModel(1, 8);
      const constants = new Map([...graph.constants].map(([name, { dims }]) => [name, floatConstant(new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(Number.NaN), dims)]));
      return { graph: { ...graph, constants }, ...facts };
    },
  },
} satisfies Record<string, Hostile>;

/** How an ending is told: `ran`, `words: ...` or the sentence of the limit. */
export function told(ending: Ending): string {
  return 'ran' in ending ? 'ran' : 'cause' in ending ? `${ending.cause}: ${ending.words.replace(/^[^:]*: /, '')}` : `words: ${ending.words}`;
}

/** Gives each to a child of its own. */
export async function tried(say: (line: string) => void): Promise<Tried[]> {
  const models = await startModels();
  const found: Tried[] = [];
  for (const [name, { model, bounds, ends }] of Object.entries<Hostile>(hostile)) {
    const ending = await models.evaluate(encodeModel(model()), { bounds }).then(told, (error) => `harness: ${messageOf(error)}`);
    const wrong = !ends.test(ending);
    found.push({ name, ending: ending.replace(/\s+/g, ' ').slice(0, 160), wrong });
    say(`${name}: ${ending.slice(0, 300)}`);
  }
  models.close();
  return found;
}
