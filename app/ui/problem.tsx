// A student's problem, whole: what was found, what is wanted, how to fix it, and the lines to paste.
import type { SubmissionProblem } from '@/lib/errors';
import { CopyBlock } from './copy-block';
import { Notice } from './notice';

export function Problem({ title, problem: { found, wanted, fix, snippet } }: { title: string; problem: SubmissionProblem }) {
  return (
    <Notice tone="bad" role="alert" title={title}>
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[5rem_1fr]">
        <dt className="font-medium">Found</dt>
        <dd>{found}</dd>
        <dt className="font-medium">Wanted</dt>
        <dd>{wanted}</dd>
        <dt className="font-medium">Fix</dt>
        <dd>{fix}</dd>
      </dl>
      {snippet && <CopyBlock label="Lines to paste" text={snippet} />}
    </Notice>
  );
}
