// Where anybody plays with a model in their own browser: any perturbation, severity, attack and policy on one picture.
import { Lock } from 'lucide-react';
import type { Metadata } from 'next';
import { familyOf } from '@/lib/evaluation/families';
import { protocols } from '@/lib/evaluation/protocols';
import { baselineOf, viewOf, type Asked } from './address';
import { TryIt, type KindGroup } from './try-it';

export const metadata: Metadata = {
  title: 'Try it',
  description: 'See what perturbations, attacks and test-time augmentation do to one picture and one model, in your own browser.',
};

/** All that gauntlet-v1 measures, by family. */
function kindGroups(): KindGroup[] {
  const kinds = [...new Set(protocols['gauntlet-v1'].trials.flatMap((trial) => (trial.kind === 'perturbation' ? [trial.perturbation] : [])))];
  const families = [...new Set(kinds.map(familyOf))];
  return families.map((family) => ({ family: family ?? 'other', kinds: kinds.filter((kind) => familyOf(kind) === family) }));
}

export default async function TryPage({ searchParams }: { searchParams: Promise<Asked> }) {
  const asked = await searchParams;
  const groups = kindGroups();
  const view = viewOf(asked, groups.flatMap(({ kinds }) => kinds));
  return (
    <>
      <h1 className="text-display font-semibold">Try it</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        One picture, one model, and everything that an evaluation does to them: drag a perturbation, run an attack step by step, look at
        the copies that test-time augmentation averages. The same code and the same kind of draws as in an evaluation, on training
        images and under a public seed.
      </p>
      <p className="mt-3 inline-flex items-start gap-2 rounded-base border border-line bg-good-wash px-3 py-1.5 text-small">
        <Lock size={14} aria-hidden className="mt-0.5 shrink-0 text-good" />
        <span>
          <strong className="font-semibold">Your model never leaves this page.</strong> It is read and run by your browser; nothing is
          uploaded, and no quota is spent.
        </span>
      </p>
      <noscript>
        <p className="mt-4 font-medium">This page runs models in the browser and needs JavaScript for it.</p>
      </noscript>
      <TryIt groups={groups} initial={view} baseline={baselineOf(asked)} />
    </>
  );
}
