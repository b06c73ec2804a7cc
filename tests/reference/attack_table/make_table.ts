// Writes docs/attacks.md from the committed figures of both sides: `npx tsx tests/reference/attack_table/make_table.ts`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { page } from './page.ts';

writeFileSync(fileURLToPath(new URL('../../../docs/attacks.md', import.meta.url)), page());
