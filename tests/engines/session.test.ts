// ONNX Runtime's refusals, told with the operator's name.
import { expect, test } from 'vitest';
import { sessionsOn } from '../../lib/engines/onnxruntime.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import { node } from '../../lib/onnx/node.ts';
import { graphOf } from '../models.ts';

const openSession = sessionsOn('cpu', 1);
const inputs = [['x', [2, 4]]] as const;
const outputs = [['y', [2, 4]]] as const;

test('an operator it does not know', async () => {
  const graph = graphOf({ inputs, outputs, nodes: [node('Frobnicate', ['x'], ['y'])] });
  await expect(openSession(graph, 2)).rejects.toThrow(/could not open the model \(operator Frobnicate\)/);
});

test('shapes that do not fit', async () => {
  const graph = graphOf({ inputs, outputs, constants: { c: floatConstant([1, 2, 3], [3]) }, nodes: [node('Add', ['x', 'c'], ['y'])] });
  await expect(openSession(graph, 2)).rejects.toThrow(/could not open the model \(operator Add\)/);
});

test('a run that fails', async () => {
  const constants = { one: int64Constant([1]) };
  const nodes = [
    node('Cast', ['x'], ['indices'], { to: 7 }),
    node('Gather', ['one', 'indices'], ['g'], { axis: 0 }),
    node('Cast', ['g'], ['y'], { to: 1 }),
  ];
  const session = await openSession(graphOf({ inputs, outputs, constants, nodes }), 2);
  const run = session.run(2, [['x', new Float32Array(8).fill(9), 4]], [['y', 4]]);
  await expect(run).rejects.toThrow(/could not run the model \(operator Gather\)/);
  await session.close();
});

test('an output of another shape than the engine wants', async () => {
  const session = await openSession(graphOf({ inputs, outputs, nodes: [node('Relu', ['x'], ['y'])] }), 2);
  await expect(session.run(2, [['x', new Float32Array(8), 4]], [['y', 5]])).rejects.toThrow(/returned y \[2,4\]; wanted \[2,5\]/);
  await session.close();
});
