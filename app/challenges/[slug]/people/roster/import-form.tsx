'use client';
// The class list's form in two steps: the file, what it would change, and only then the import.
import { useActionState } from 'react';
import { ActionForm } from '@/app/ui/action-form';
import { button } from '@/app/ui/button';
import { Check } from '@/app/ui/inputs';
import { Notice } from '@/app/ui/notice';
import { apply, preview } from './actions';
import { Changes } from './changes';

export function ImportForm({ slug }: { slug: string }) {
  const [state, submit, pending] = useActionState(preview.bind(null, slug), null);
  return (
    <div className="space-y-6">
      <form action={submit} className="flex flex-wrap items-end gap-3">
        <div>
          <label htmlFor="file" className="mb-1 block text-small font-medium">
            File
          </label>
          <input
            id="file"
            name="file"
            type="file"
            required
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            className="max-w-full rounded-base border border-line-strong bg-surface px-3 py-1.5 text-base"
          />
        </div>
        <button type="submit" disabled={pending} className={button.primary}>
          {pending ? 'Reading …' : 'Show what it would change'}
        </button>
      </form>
      {state && 'failed' in state && (
        <Notice tone="bad" role="alert">
          {state.failed}
        </Notice>
      )}
      {state && 'preview' in state && <Applying key={state.preview.digest} slug={slug} {...state} />}
    </div>
  );
}

type Applied = Extract<Awaited<ReturnType<typeof preview>>, { csv: string }>;

function Applying({ slug, preview: { problems, ...plan }, csv, fileName }: Applied & { slug: string }) {
  const free = plan.missing.filter(({ claimed }) => !claimed).length;
  const nothing = plan.added.length + plan.changed.length + free === 0;
  return (
    <section aria-labelledby="preview" className="space-y-4">
      <h3 id="preview" className="text-lead font-semibold">
        {fileName} would do this
      </h3>
      {problems.length > 0 && (
        <Notice tone="warn" role="note" title={problems.length === 1 ? 'One line cannot be read and is left out' : `${problems.length} lines cannot be read and are left out`}>
          <ul className="list-disc space-y-1 pl-5">
            {problems.slice(0, 50).map((problem) => (
              <li key={problem} className="break-words">
                {problem}
              </li>
            ))}
          </ul>
          {problems.length > 50 && <p>And {problems.length - 50} more.</p>}
        </Notice>
      )}
      <Changes plan={plan} />
      {free > 0 && problems.length > 0 && <p className="text-muted">Nobody is removed by a file with lines that cannot be read.</p>}
      {!nothing && (
        <ActionForm action={apply.bind(null, slug)} label="Import">
          <input type="hidden" name="csv" value={csv} />
          <input type="hidden" name="digest" value={plan.digest} />
          {free > 0 && problems.length === 0 && (
            <Check
              label={free === 1 ? 'Also remove the one who is not in the file' : `Also remove the ${free} who are not in the file`}
              name="removeMissing"
              hint="Only who has not joined is removed."
            />
          )}
        </ActionForm>
      )}
    </section>
  );
}
