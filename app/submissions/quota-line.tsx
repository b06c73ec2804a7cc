// What is used of today's quotas, in a line below a list.
import { Time } from '@/app/ui/time';
import type { Allowance } from '@/lib/submissions/allowance';

export function QuotaLine({ allowance: { staff, mayUpload, refusal, successes, attempts, resetsAt, team } }: { allowance: Allowance }) {
  if (staff) return <span className="text-muted">As staff you try things without quotas.</span>;
  if (!mayUpload) return <span className="text-muted">{refusal!.reason}</span>;
  return (
    <span className="figures text-muted">
      Today{team && `, as ${team}`}: {successes.used} of {successes.limit} evaluations, {attempts.used} of {attempts.limit} attempts; a new day begins{' '}
      <Time at={resetsAt} />
    </span>
  );
}
