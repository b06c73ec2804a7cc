// Inlines a model's local functions, as PyTorch's newer exporter writes them: a call becomes the nodes of the function's body.
import { create } from '@bufbuild/protobuf';
import { limits } from '../limits.ts';
import { ModelError } from './error.ts';
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from './onnx_pb.ts';

/** Functions that call functions: exporters nest a handful deep, recursion never ends. */
const maxDepth = 32;

type Names = Map<string, string>;

/**
 * The model without functions and without calls of them. Every call and every node it brings counts against the limit of nodes, so that
 * functions which double at every level are refused at once. Throws ModelError for those, for recursion and for mixed opsets.
 */
export function inlineFunctions(model: ModelProto): ModelProto {
  if (model.functions.length === 0 || !model.graph) return model;
  const inliner = new Inliner(model);
  const graph = { ...model.graph, node: inliner.expanded(model.graph.node, 0) };
  return { ...model, graph, functions: [] };
}

class Inliner {
  private readonly functions = new Map<string, FunctionProto>();
  private readonly taken: Set<string>;
  private count = 0;

  constructor(model: ModelProto) {
    const opset = (list: ModelProto['opsetImport']) => list.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version;
    const wanted = opset(model.opsetImport);
    for (const local of model.functions) {
      const found = opset(local.opsetImport);
      if (found !== undefined && wanted !== undefined && found !== wanted) {
        throw new ModelError(`The function ${local.name} is written for opset ${found}, the model for opset ${wanted}; wanted one opset.`);
      }
      this.functions.set(keyOf(local.domain, local.name, local.overload), local);
    }
    this.taken = new Set(namesIn(model.graph!));
  }

  /** The nodes with calls replaced, also in subgraphs. */
  expanded(nodes: readonly NodeProto[], depth: number): NodeProto[] {
    return nodes.flatMap((node) => {
      const local = this.functions.get(keyOf(node.domain, node.opType, node.overload));
      if (++this.count > limits.graphNodes) {
        throw new ModelError(`The model's functions expand to more than ${limits.graphNodes} nodes, which is the most that is read.`);
      }
      if (!local) return [this.withSubgraphs(node, (graph) => ({ ...graph, node: this.expanded(graph.node, depth) }))];
      if (depth >= maxDepth) throw new ModelError(`The function ${local.name} calls functions more than ${maxDepth} deep, or itself.`);
      return this.expanded(this.bodyOf(local, node), depth + 1);
    });
  }

  /** A function's nodes under the caller's names, its own tensors under fresh ones. */
  private bodyOf(local: FunctionProto, call: NodeProto): NodeProto[] {
    const names: Names = new Map(local.input.map((name, i) => [name, call.input[i] ?? '']));
    const made = new Set(local.node.flatMap(({ output }) => output));
    const passed: NodeProto[] = [];
    local.output.forEach((name, i) => {
      const wanted = call.output[i];
      if (!wanted) return;
      // An output that a node of the body makes, once, takes the caller's name; any other is handed over.
      if (made.has(name) && !names.has(name)) names.set(name, wanted);
      else passed.push(create(NodeProtoSchema, { opType: 'Identity', input: [name], output: [wanted] }));
    });
    for (const name of made) if (name && !names.has(name)) names.set(name, this.fresh(name));
    const handed = passed.map((node) => ({ ...node, input: node.input.map((name) => names.get(name) ?? name) }));
    return [...local.node.map((node) => this.renamed(node, names, local, call)), ...handed];
  }

  private renamed(node: NodeProto, names: Names, local: FunctionProto, call: NodeProto): NodeProto {
    const attribute = node.attribute.flatMap((each) => referred(each, local, call));
    // Names of nodes must differ, if they have one: copies go by what they make.
    const own = { ...node, name: '', attribute };
    const inside = this.withSubgraphs(own, (graph) => this.renamedGraph(graph, names, local, call));
    const now = (name: string) => (name === '' ? '' : (names.get(name) ?? name));
    return { ...inside, input: node.input.map(now), output: node.output.map(now) };
  }

  private renamedGraph(graph: GraphProto, outer: Names, local: FunctionProto, call: NodeProto): GraphProto {
    const names: Names = new Map(outer);
    const defined = [...graph.initializer, ...graph.input].map(({ name }) => name).concat(graph.node.flatMap(({ output }) => output));
    for (const name of defined) if (name) names.set(name, this.fresh(name));
    const named = <T extends { name: string }>(value: T): T => ({ ...value, name: names.get(value.name) ?? value.name });
    return {
      ...graph,
      initializer: graph.initializer.map(named),
      input: graph.input.map(named),
      output: graph.output.map(named),
      node: graph.node.map((node) => this.renamed(node, names, local, call)),
    };
  }

  private withSubgraphs(node: NodeProto, change: (graph: GraphProto) => GraphProto): NodeProto {
    if (!node.attribute.some(({ g }) => g)) return node;
    return { ...node, attribute: node.attribute.map((each) => (each.g ? { ...each, g: change(each.g) } : each)) };
  }

  private fresh(hint: string): string {
    let name = hint;
    for (let i = this.taken.size; this.taken.has(name); i++) name = `${hint}_${i}`;
    this.taken.add(name);
    return name;
  }
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}

function namesIn(graph: GraphProto): string[] {
  const inside = graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => (g ? namesIn(g) : [])));
  return [...graph.initializer, ...graph.input].map(({ name }) => name).concat(graph.node.flatMap(({ output }) => output), inside);
}

/** An attribute of a body's node with the caller's value, the function's default, or left out, where it refers to the call's. */
function referred(attribute: AttributeProto, local: FunctionProto, call: NodeProto): AttributeProto[] {
  const wanted = attribute.refAttrName;
  if (!wanted) return [attribute];
  const given = [...call.attribute, ...local.attributeProto].find(({ name }) => name === wanted);
  if (given?.g) throw new ModelError(`The function ${local.name} takes the subgraph ${wanted} as an attribute; wanted a value.`);
  return given ? [create(AttributeProtoSchema, { ...given, name: attribute.name, refAttrName: '' })] : [];
}
