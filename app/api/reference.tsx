// One endpoint, as a line that opens: who may, what it takes, what it answers.
import { ChevronRight } from 'lucide-react';
import type { z } from 'zod';
import type { Contract } from '@/lib/api/contract';
import { refusals } from '@/lib/api/contract';
import { refusalsOf } from '@/lib/api/openapi';

export function Endpoint({ contract }: { contract: Contract }) {
  const { method, path, summary, description, auth, scope, standing, params, query, body } = contract;
  return (
    <li className="border-b border-line">
      <details className="group">
        <summary className="grid cursor-pointer grid-cols-1 gap-x-6 gap-y-0.5 py-2 pl-1 hover:bg-sunken md:grid-cols-[minmax(0,7fr)_minmax(0,6fr)]">
          <span className="flex min-w-0 items-baseline gap-1.5">
            <ChevronRight size={12} aria-hidden className="shrink-0 transition-transform group-open:rotate-90" />
            <code className="min-w-0 text-small break-words">
              <span className="mr-2 inline-block min-w-14 font-medium">{method}</span>
              {path.replace('/api/v1', '')}
            </code>
          </span>
          <span className="min-w-0">{summary}</span>
        </summary>
        <div className="max-w-[78ch] space-y-3 pt-1 pb-5 pl-5">
          {description && <p>{description.replaceAll('`', '')}</p>}
          <p className="text-muted">
            {auth === 'none' ? 'For anybody; a token is not looked at.' : `For ${standing}. A token needs the scope ${scope}.`}
          </p>
          <Fields title="In the path" schema={params} />
          <Fields title="In the query" schema={query} />
          {body && <Fields title="Body" schema={body as z.ZodObject} />}
          <Example body={body} />
          <p className="text-muted">
            Answers {[contract.answer, ...contract.others].map(({ status }) => status).join(', ')}; refuses with{' '}
            {refusalsOf(contract)
              .filter((status) => status !== 500)
              .map((status, i, all) => (
                <span key={status} title={refusals[status]}>
                  {status}
                  {i < all.length - 1 ? ', ' : '.'}
                </span>
              ))}
          </p>
        </div>
      </details>
    </li>
  );
}

type Documented = { description?: string; examples?: unknown[] };

function Fields({ title, schema }: { title: string; schema: z.ZodObject }) {
  const fields = Object.entries(schema.shape);
  if (fields.length === 0) return null;
  return (
    <div>
      <p className="eyebrow">{title}</p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {fields.map(([name, field]) => (
          <div key={name} className="contents">
            <dt>
              <code className="text-small">{name}</code>
            </dt>
            <dd className="text-muted">
              {described(field as z.ZodType)}
              {(field as z.ZodType).safeParse(undefined).success ? ' May be left out.' : ''}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What a field says of itself, or what stands inside it where a default or an option is wrapped round it. */
function described(field: z.ZodType): string {
  const meta = field.meta() as Documented | undefined;
  if (meta?.description) return meta.description.replaceAll('`', '');
  const inner = (field.def as { innerType?: z.ZodType; in?: z.ZodType; type: string; entries?: Record<string, string> });
  const within = inner.innerType ?? inner.in;
  if (within) return described(within);
  return inner.entries ? `One of ${Object.keys(inner.entries).join(', ')}.` : '';
}

function Example({ body }: { body: z.ZodType | null }) {
  const [example] = (body?.meta() as Documented | undefined)?.examples ?? [];
  if (example === undefined) return null;
  return (
    <pre className="rounded-base border border-line bg-sunken px-4 py-2 text-small break-words whitespace-pre-wrap">
      <code>{JSON.stringify(example)}</code>
    </pre>
  );
}
