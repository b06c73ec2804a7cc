// The pages of the instructor's desk beside each other, each to those who may open it.
import { TabBar } from '@/app/ui/tab-bar';
import { TabLink } from '@/app/ui/tab-link';
import { atLeast, type Standing } from '@/lib/challenges/standing';

type DeskPage = { label: string; path: string; least: Standing; says: string };

/** In the order shown; `least` as the page itself asks for. A new page of the desk is a line here. */
export const deskPages: readonly DeskPage[] = [
  { label: 'Overview', path: '', least: 'assistant', says: 'what runs, waits and failed' },
  { label: 'Class', path: '/class', least: 'assistant', says: 'every student under every perturbation' },
  { label: 'Distributions', path: '/distributions', least: 'assistant', says: 'how the class’s accuracies are spread' },
  { label: 'Phases', path: '/phases', least: 'assistant', says: 'deadline, final phase and seeds' },
  { label: 'Re-evaluations', path: '/reevaluations', least: 'assistant', says: 'submissions run again, and what it changes' },
  { label: 'Regrades', path: '/regrades', least: 'assistant', says: 'what students ask to be looked at again' },
  { label: 'Integrity', path: '/integrity', least: 'assistant', says: 'shared weights and mistakes, and test images trained on' },
  { label: 'Audit log', path: '/audit', least: 'instructor', says: 'what staff did, and when' },
];

export function DeskNav({ slug, standing }: { slug: string; standing: Standing }) {
  const base = `/challenges/${slug}/desk`;
  return (
    <TabBar label="Desk" look="sub">
      {deskPages
        .filter(({ least }) => atLeast(standing, least))
        .map(({ label, path, says }) => (
          <TabLink key={path} href={base + path} exact={path === ''} title={says}>
            {label}
          </TabLink>
        ))}
    </TabBar>
  );
}
