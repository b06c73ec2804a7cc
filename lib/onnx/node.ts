// Making nodes and reading their attributes, so that nobody spells attribute unions by hand.
import type { Attribute, Constant, Node } from './graph.ts';
import { ModelError } from './error.ts';

/** Attribute values as one writes them; an integer number is an `int`, so a float attribute that may be whole needs `float()`. */
export type AttributeValue = number | string | readonly number[] | Constant | Attribute;

/** A float attribute, also for whole numbers: `{ alpha: float(1) }`. Rounded to float32, which is what a file can hold. */
export function float(value: number): Attribute {
  return { kind: 'float', value: Math.fround(value) };
}

/** A node of the standard operator set. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Node {
  const entries = Object.entries(attributes).map(([key, value]) => [key, attribute(value)] as const);
  return { op, domain: '', name: `${op}_${outputs[0]}`, inputs, outputs, attributes: Object.fromEntries(entries) };
}

function attribute(value: AttributeValue): Attribute {
  if (typeof value === 'number') return Number.isInteger(value) ? { kind: 'int', value } : float(value);
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value)) return { kind: 'ints', value };
  if ('kind' in (value as Attribute)) return value as Attribute;
  return { kind: 'tensor', value: value as Constant };
}

/** Integer attribute, or `fallback` when absent. Throws ModelError when it is of another kind. */
export function int(node: Node, name: string, fallback: number): number;
export function int(node: Node, name: string): number | undefined;
export function int(node: Node, name: string, fallback?: number): number | undefined {
  const found = node.attributes[name];
  if (!found) return fallback;
  if (found.kind !== 'int') throw wrongKind(node, name, found.kind, 'int');
  return found.value;
}

/** Float attribute, or `fallback` when absent. */
export function number(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  if (!found) return fallback;
  if (found.kind !== 'float') throw wrongKind(node, name, found.kind, 'float');
  return found.value;
}

/** Integer-list attribute, or undefined when absent. */
export function ints(node: Node, name: string): readonly number[] | undefined {
  const found = node.attributes[name];
  if (!found) return undefined;
  if (found.kind === 'ints') return found.value;
  // An empty list of any kind is written as it pleases the exporter.
  if (found.kind === 'floats' && found.value.length === 0) return [];
  throw wrongKind(node, name, found.kind, 'ints');
}

/** String attribute, or `fallback` when absent. */
export function text(node: Node, name: string, fallback: string): string {
  const found = node.attributes[name];
  if (!found) return fallback;
  if (found.kind !== 'string') throw wrongKind(node, name, found.kind, 'string');
  return found.value;
}

/** The same node without some attributes and with others set. */
export function withAttributes(
  source: Node,
  change: { drop?: readonly string[]; set?: Readonly<Record<string, AttributeValue>> },
): Node {
  const kept = Object.entries(source.attributes).filter(([key]) => !change.drop?.includes(key));
  const set = Object.entries(change.set ?? {}).map(([key, value]) => [key, attribute(value)] as const);
  return { ...source, attributes: Object.fromEntries([...kept, ...set]) };
}

/** How tables name an operator: with its domain, unless that is the standard one. */
export function keyOf({ domain, op }: Pick<Node, 'domain' | 'op'>): string {
  return domain ? `${domain}.${op}` : op;
}

/** How an error names a node. */
export function nameOf(node: Node): string {
  return `${keyOf(node)} "${node.name || node.outputs[0] || ''}"`;
}

function wrongKind(node: Node, name: string, found: string, wanted: string): ModelError {
  return new ModelError(`${nameOf(node)}: attribute ${name} is of kind ${found}; wanted ${wanted}.`);
}
