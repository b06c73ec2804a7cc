// The outcomes of many evaluations' cells, without what no column looks at.
import { and, inArray } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { cells } from '../db/schema.ts';
import type { Cells } from '../evaluation/outcomes.ts';

/** The landed cells of some trials, by evaluation and trial id; predictions and confusion, by far the most of a cell, stay behind. */
export async function outcomesOf(evaluationIds: string[], trialIds: string[]): Promise<Map<string, Cells>> {
  const { evaluationId, trialId, correctBits, total, correct } = cells;
  const rows = await database()
    .select({ evaluationId, trialId, correctBits, total, correct })
    .from(cells)
    .where(and(inArray(cells.evaluationId, evaluationIds), inArray(cells.trialId, trialIds)));
  const found = new Map<string, Map<string, (typeof rows)[number]>>();
  for (const row of rows) found.set(row.evaluationId, (found.get(row.evaluationId) ?? new Map()).set(row.trialId, row));
  return found;
}
