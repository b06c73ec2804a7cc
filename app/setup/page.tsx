// The first run of a site: whoever can read its log makes themselves its administrator. Afterwards there is no such page.
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { connection } from 'next/server';
import { announceSetup, needsAdministrator } from '@/lib/accounts/first-administrator';
import { SetupForm } from './form';

export const metadata: Metadata = { title: 'Set this site up' };

export default async function SetupPage() {
  await connection();
  if (!(await needsAdministrator())) notFound();
  announceSetup();
  return (
    <div className="mx-auto max-w-[26rem] py-10">
      <h1 className="text-display font-semibold">Set this site up</h1>
      <p className="mt-1 mb-6 text-muted">
        This site has no administrator yet. A token stands in its log now, on the line with <code className="text-small">/setup</code>: with
        it you make the administrator&apos;s account.
      </p>
      <SetupForm />
    </div>
  );
}
