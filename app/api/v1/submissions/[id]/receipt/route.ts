// GET: the signed receipt of a submission, of the public phase or with ?phase=final, for `gauntlet verify`.
import { submissions } from '@/lib/api';
import { receiptOf } from '@/lib/evaluations/receipt';
import { endpoint } from '../../../endpoint';

export const GET = endpoint(submissions.receipt, async ({ viewer, params: { id }, query: { phase }, headers }) => {
  const signed = await receiptOf(viewer, id, phase);
  headers.set('Content-Disposition', `attachment; filename="receipt-${phase}-${id.slice(0, 8)}.json"`);
  return signed;
});
