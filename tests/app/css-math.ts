// What a stylesheet's arithmetic comes to: calc, min, max and clamp over numbers and var(), of one @utility of globals.css.
import { readFileSync } from 'node:fs';

export const globals = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');

/** The utility's own custom properties and two of its declarations, as they are written. */
export function utilityOf(name: string): Map<string, string> {
  const [, body] = new RegExp(`@utility ${name} \\{([\\s\\S]*?)\\n\\}`).exec(globals)!;
  return new Map([...body.matchAll(/^ {2}([\w-]+):\s*([^;]+);/gm)].map(([, property, value]) => [property, value.replace(/\s+/g, ' ')]));
}

/** The number an expression comes to, with `given` for the properties that an element sets. */
export function evaluate(expression: string, declared: Map<string, string>, given: Record<string, number>): number {
  const tokens = expression.match(/var\(--[\w-]+\)|calc|min|max|clamp|\d+\.?\d*|[-+*/(),]/g)!;
  const peek = () => tokens[0];
  const take = () => tokens.shift()!;
  const sum = (): number => {
    let value = product();
    while (peek() === '+' || peek() === '-') value = take() === '+' ? value + product() : value - product();
    return value;
  };
  const product = (): number => {
    let value = unit();
    while (peek() === '*' || peek() === '/') value = take() === '*' ? value * unit() : value / unit();
    return value;
  };
  const args = (): number[] => {
    const values: number[] = [];
    do {
      take();
      values.push(sum());
    } while (peek() === ',');
    take();
    return values;
  };
  const unit = (): number => {
    const token = take();
    if (token === '-') return -unit();
    if (token === '(') {
      const value = sum();
      take();
      return value;
    }
    if (token === 'calc') return args()[0];
    if (token === 'min') return Math.min(...args());
    if (token === 'max') return Math.max(...args());
    if (token === 'clamp') {
      const [low, value, high] = args();
      return Math.max(low, Math.min(value, high));
    }
    const name = /^var\((--[\w-]+)\)$/.exec(token)?.[1];
    if (!name) return Number(token);
    return name in given ? given[name] : evaluate(declared.get(name)!, declared, given);
  };
  return sum();
}
