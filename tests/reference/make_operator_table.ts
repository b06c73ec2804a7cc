// Writes docs/operators.md. Run: npx tsx tests/reference/make_operator_table.ts
import { writeFileSync } from 'node:fs';
import { operatorTable } from '../onnx/operator-table.ts';

writeFileSync(new URL('../../docs/operators.md', import.meta.url), operatorTable());
