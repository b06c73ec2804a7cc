// The cases of all differentiation rules, by operator; a rule without a case fails to compile.
import type { DifferentiableOperator } from '../../../lib/autodiff/rules/index.ts';
import * as activations from './activations.ts';
import type { Case } from './case.ts';
import * as depth from './depth.ts';
import * as einsum from './einsum.ts';
import * as elementwise from './elementwise.ts';
import * as flat from './flat.ts';
import * as indexing from './indexing.ts';
import * as linear from './linear.ts';
import * as normalisation from './normalisation.ts';
import * as pooling from './pooling.ts';
import * as reductions from './reductions.ts';
import * as resize from './resize.ts';
import * as sampling from './sampling.ts';
import * as shape from './shape.ts';

export const cases: Record<DifferentiableOperator, readonly Case[]> = {
  ...activations, ...elementwise, ...linear, ...einsum, ...normalisation, ...pooling, ...resize, ...sampling,
  ...reductions, ...shape, ...depth, ...indexing, ...flat,
};
