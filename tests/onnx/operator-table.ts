// The text of docs/operators.md, made from the tables that decide: shape rules, conversions and differentiation rules.
import { isFlat, ruleOf, rules } from '../../lib/autodiff/rules/index.ts';
import { forwardOnly, operators } from '../../lib/engines/tensorflow/operators/index.ts';
import { conversions } from '../../lib/onnx/conversions.ts';
import { canonicalOpset } from '../../lib/onnx/graph.ts';
import { newest, oldest } from '../../lib/onnx/opset.ts';
import { shapeRules } from '../../lib/onnx/shapes/index.ts';
import { traditionalRules } from '../../lib/onnx/shapes/traditional.ts';

/** Conversions to operators that are in the table; `If` is decided by opset.ts itself. */
const rewritten = ['If', ...Object.keys(conversions)].filter((op) => !Object.hasOwn(shapeRules, op)).toSorted();

/** Operators whose result is known before the model runs, always. */
const known = ['Constant', 'Range'];
/** And those whose result is known with the size of the batch. */
const sized = ['Shape', 'Size'];

function gradientOf(op: string): string {
  if (known.includes(op)) return 'constant';
  if (isFlat(op)) return 'zero';
  return ruleOf(op) ? 'rule' : 'none';
}

/**
 * Who runs it: ONNX Runtime runs every operator of the standard, and what `gradientOf` says the compiler pulls back; TensorFlow.js has a
 * table of its own. What is known before the model runs, no engine is asked for.
 */
function enginesOf(op: string): string {
  const gradient = ['rule', 'zero'].includes(gradientOf(op));
  const both = (direction: string) => `onnxruntime ${direction}, tensorflow ${direction}`;
  if (known.includes(op) || sized.includes(op)) return both(gradient ? 'both' : 'forward');
  const own = gradient ? 'onnxruntime both' : 'onnxruntime forward';
  if (!Object.hasOwn(operators, op)) return own;
  if (!gradient || forwardOnly.includes(op)) return `${own}, tensorflow forward`;
  return both('both');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Markdown of docs/operators.md. */
export function operatorTable(): string {
  const own = Object.keys(shapeRules).toSorted();
  const converted = (op: string) => (Object.hasOwn(conversions, op) ? 'converted' : 'as it is');
  const lines = [
    '# Operators',
    '',
    'Made by `npx tsx tests/reference/make_operator_table.ts` from the tables in `lib/onnx` and `lib/autodiff`; a test holds it to them.',
    '',
    `Models of the opsets ${oldest} to ${newest} and of IR version 3 and newer are read, and brought to opset ${canonicalOpset}.`,
    'float16 and float64 are computed in float32. Local functions are inlined.',
    `Every operator below runs forward. ${Object.keys(rules).length} have a derivative, ${own.filter(isFlat).length} of them zero.`,
    '',
    '- **rule**: the gradient passes through. A rule may still refuse a form (a Resize that crops, say); the report then names it.',
    '- **zero**: flat wherever it has a derivative. A model whose scores all pass one counts as without a gradient.',
    '- **none**: a model in which it lies between the image and the scores runs clean and perturbed; gradient attacks are left out.',
    '',
    'Which engines run it, forward alone or both ways, says the last column; the conformance suite in `tests/engines` runs every row of it.',
    '',
    row(['Operator', `Other opsets than ${canonicalOpset}`, 'Gradient', 'Engines']),
    row(['---', '---', '---', '---']),
    ...own.map((op) => row([op, converted(op), gradientOf(op), enginesOf(op)])),
    ...Object.keys(traditionalRules).toSorted().map((op) => row([op, 'as it is', 'none', enginesOf(op)])),
    '',
    '## Rewritten when a model is read',
    '',
    `${rewritten.join(', ')}, ai.onnx.ml.ZipMap.`,
    '',
    'They become operators of the table, with their gradients. An If must be decided before the model runs, by sizes for instance.',
    '',
    '## Refused, with the reason',
    '',
    'Loop, Scan, an If that the image decides, random numbers, sparse tensors, strings, and operators of other domains.',
    '',
  ];
  return lines.join('\n');
}
