// The table of operators that the engine tensorflow runs, one per ONNX operator and named as the operator.
import type { Operator } from '../step.ts';
import * as activations from './activations.ts';
import * as elementwise from './elementwise.ts';
import { Einsum } from './einsum.ts';
import * as indexing from './indexing.ts';
import * as linear from './linear.ts';
import * as normalisation from './normalisation.ts';
import * as pooling from './pooling.ts';
import * as reductions from './reductions.ts';
import * as resize from './resize.ts';
import * as sampling from './sampling.ts';
import * as shape from './shape.ts';

export const operators = {
  ...activations, ...elementwise, Einsum, ...indexing, ...linear, ...normalisation, ...pooling, ...reductions, ...resize,
  ...sampling, ...shape,
} satisfies Record<string, Operator>;

/** Operators that run, but that the tape of TensorFlow.js cannot pull a cotangent through. */
export const forwardOnly: readonly string[] = ['MaxUnpool'] satisfies readonly (keyof typeof operators)[];
