// What holds for every endpoint: limits, keys, pages, errors.
import { buckets } from '@/lib/requests/rate-limit';

const spans = { 60: 'a minute', 600: 'in ten minutes' } as const;
const said = { read: 'Reading', write: 'changing', upload: 'uploading', address: 'without a token, by address' } as const;

export function Rules() {
  return (
    <section aria-labelledby="rules" className="min-w-0">
      <h2 id="rules" className="text-title font-semibold">
        What holds everywhere
      </h2>
      <dl className="mt-2 max-w-[62ch] space-y-3">
        <Rule term="Limits">
          {Object.values(buckets)
            .map(({ name, most, seconds }) => `${said[name]} ${most} ${spans[seconds]}`)
            .join(', ')}
          . Every answer says what is left in <Code>RateLimit</Code>; a 429 says in <Code>Retry-After</Code> when to go on.
        </Rule>
        <Rule term="Once only">
          A POST with an <Code>Idempotency-Key</Code> of your own is carried out once: sent again within 24 hours it gets the first answer, with{' '}
          <Code>Idempotency-Replayed: true</Code>. Uploading takes no key: a draft costs nothing.
        </Rule>
        <Rule term="Pages">
          Lists answer <Code>next</Code> and a <Code>Link</Code> header with <Code>rel=&quot;next&quot;</Code>.
        </Rule>
        <Rule term="Refusals">
          <Code>{'{"error": {"code", "message", "requestId"}}'}</Code>; for a model that cannot be taken also <Code>problem</Code>: what was found, what is
          wanted, how to fix it.
        </Rule>
        <Rule term="Times">ISO 8601 in UTC.</Rule>
      </dl>
    </section>
  );
}

function Rule({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="font-medium">{term}</dt>
      <dd className="text-muted">{children}</dd>
    </div>
  );
}

const Code = ({ children }: { children: React.ReactNode }) => <code className="text-small">{children}</code>;
