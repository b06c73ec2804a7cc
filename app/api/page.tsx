// The API for people: how to begin, lines that submit a model, and every endpoint by what it is about.
import type { Metadata } from 'next';
import { CopyBlock } from '@/app/ui/copy-block';
import { contracts } from '@/lib/api';
import { tags, type Tag } from '@/lib/api/contract';
import { curlSnippet, pythonSnippet } from '@/lib/api/snippets';
import { scopes } from '@/lib/auth/scopes';
import { currentViewer } from '@/lib/auth/session';
import { challengesFor } from '@/lib/challenges/list';
import { siteUrl } from '@/lib/api/site-url';
import { Endpoint } from './reference';
import { Rules } from './rules';

export const metadata: Metadata = { title: 'API' };

export default async function ApiPage() {
  const [listed, url] = [await challengesFor(await currentViewer()), siteUrl()];
  const open = listed.find(({ challenge }) => challenge.state === 'open') ?? listed.at(0);
  const slug = open?.challenge.slug ?? 'fashion-mnist';
  return (
    <>
      <h1 className="text-display font-semibold">API</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        What the pages do, for scripts. Everything is described in{' '}
        <a href="/api/v1/openapi.json" className="underline underline-offset-4">
          OpenAPI 3.1
        </a>
        ; the <code className="text-small">gauntlet</code> command line uses the same.
      </p>
      <div className="mt-10 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
        <div className="min-w-0 space-y-10">
          <Begin />
          <Rules />
        </div>
        <section aria-labelledby="submit" className="min-w-0 space-y-5">
          <h2 id="submit" className="text-title font-semibold">
            Submit a model
          </h2>
          <CopyBlock label="Python, with requests" text={pythonSnippet(url, slug)} />
          <CopyBlock label="curl" text={curlSnippet(url, slug)} />
        </section>
      </div>
      {(Object.keys(tags) as Tag[]).map((tag) => (
        <Group key={tag} tag={tag} />
      ))}
    </>
  );
}

function Begin() {
  return (
    <section aria-labelledby="begin" className="min-w-0">
      <h2 id="begin" className="text-title font-semibold">
        A token
      </h2>
      <p className="mt-2 max-w-[62ch]">
        Make one on your{' '}
        <a href="/account" className="underline underline-offset-4">
          account page
        </a>{' '}
        and send it as <code className="text-small">Authorization: Bearer …</code>. It may do what you may do, within its scopes:
      </p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {Object.entries(scopes).map(([name, says]) => (
          <div key={name} className="contents">
            <dt>
              <code className="text-small">{name}</code>
            </dt>
            <dd className="text-muted">{says}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Group({ tag }: { tag: Tag }) {
  const id = tag.toLowerCase();
  return (
    <section aria-labelledby={id} className="mt-14">
      <h2 id={id} className="text-title font-semibold">
        {tag}
      </h2>
      <p className="mt-1 mb-4 text-muted">{tags[tag]}</p>
      <ul className="border-t border-line">
        {contracts
          .filter((one) => one.tag === tag)
          .map((one) => (
            <Endpoint key={`${one.method} ${one.path}`} contract={one} />
          ))}
      </ul>
    </section>
  );
}
