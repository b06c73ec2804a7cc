// The design on one page: the tokens as app/globals.css has them, and every shared component in use.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from 'next';
import { Colours } from './colours';
import { Components } from './components';
import { Maps } from './maps';
import { Scales } from './scales';
import { tokensOf } from './tokens';

export const metadata: Metadata = { title: 'Design' };

export default async function DesignPage() {
  const tokens = tokensOf(await readFile(join(process.cwd(), 'app', 'globals.css'), 'utf8'));
  return (
    <>
      <h1 className="text-display font-semibold">Design</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        What all pages are made of. The values are read from the stylesheet as it is served, and the parts are the ones that pages use.
      </p>
      <div className="mt-8 space-y-14">
        <Scales tokens={tokens} />
        <Colours colours={tokens.colours} />
        <Maps />
        <Components />
      </div>
    </>
  );
}
