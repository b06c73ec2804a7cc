// Every rule of the table against the central difference of its operator; a rule without a case fails.
import { describe, expect, test } from 'vitest';
import { differentiate, differentiatePlain } from '../../lib/autodiff/compile.ts';
import { rules, type DifferentiableOperator } from '../../lib/autodiff/rules/index.ts';
import { uniform } from '../models.ts';
import { cases } from './cases/index.ts';
import { runnerOf, type Runner } from './run.ts';

/** Half a stencil; x has neither kink nor tie within twice this. */
const h = 0.004;

/** d(u . y)/dx by the five-point stencil, element by element. */
async function numericGradient(forward: Runner, x: Float32Array, u: Float32Array): Promise<Float32Array> {
  const at = async (i: number, shift: number) => {
    const moved = x.slice();
    moved[i] += shift;
    const { y } = await forward({ x: moved });
    // The shift that float32 really made.
    return { value: y.reduce((sum, value, k) => sum + value * u[k], 0), shift: moved[i] - x[i] };
  };
  const gradient = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const [a, b, c, d] = [await at(i, -2 * h), await at(i, -h), await at(i, h), await at(i, 2 * h)];
    const narrow = (c.value - b.value) / (c.shift - b.shift);
    const wide = (d.value - a.value) / (d.shift - a.shift);
    gradient[i] = (4 * narrow - wide) / 3;
  }
  return gradient;
}

describe.each(Object.entries(rules))('%s', (operator) => {
  const given = cases[operator as DifferentiableOperator] ?? [];

  test('has a case that contains it', () => {
    expect(given.length, `Add a case for ${operator} under tests/autodiff/cases.`).toBeGreaterThan(0);
    for (const { graph } of given) expect(graph.nodes.map(({ op }) => op)).toContain(operator);
  });

  test.each(given.map((one) => [one.name || 'plain', one] as const))('%s', async (_, { graph, x }) => {
    const u = uniform(11, graph.outputs[0].dims.reduce<number>((size, dimension) => size * dimension!, 1));
    const wanted = await numericGradient(await runnerOf(graph), x, u);
    const scale = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    expect(scale).toBeGreaterThan(1e-3);
    for (const compile of [differentiatePlain, differentiate]) {
      const compiled = compile(graph, 1, 'cotangent');
      const { dx } = await (await runnerOf(compiled))({ x, dLogits: u });
      const worst = dx.reduce((largest, value, i) => Math.max(largest, Math.abs(value - wanted[i])), 0);
      expect(worst / scale).toBeLessThan(2e-3);
    }
  });
});
