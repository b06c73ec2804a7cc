// The class list of a challenge: importing one, and one-time codes for who cannot prove the e-mail address that it has.
import type { Metadata } from 'next';
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { FactList } from '@/app/ui/fact-list';
import { orNotFound } from '@/app/ui/or-not-found';
import { Section } from '@/app/ui/section';
import { currentViewer } from '@/lib/auth/session';
import { rosterState, type RosterState } from '@/lib/challenges/roster';
import { removeFromRoster } from './actions';
import { CodesForm } from './codes-form';
import { ImportForm } from './import-form';

export const metadata: Metadata = { title: 'Class list' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ place?: string }> };

export default async function RosterPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const { place: placeId } = await searchParams;
  const state = await orNotFound(rosterState(await currentViewer(), slug, placeId), `/challenges/${slug}/people/roster`);
  const { places, claimed, withCode, place } = state;
  return (
    <>
      <nav aria-label="Breadcrumb" className="text-small">
        <Link href={`/challenges/${slug}/people`} className="link">
          People
        </Link>
      </nav>
      <h1 className="mt-1 text-display font-semibold">Class list</h1>
      <FactList facts={[['On the list', places], ['Joined', claimed], ['Not joined', places - claimed], ['With an unused code', withCode]]} />
      <div className="-mt-px">
        <Section
          id="import"
          title="Import"
          about={
            <>
              <p>
                A CSV file as Canvas, Moodle or Excel export it: an e-mail address a line, and if it has them a name, a student number and a
                section.
              </p>
              <p>Import it again when the list changes. You see what it would change before it does.</p>
            </>
          }
        >
          <ImportForm slug={slug} />
        </Section>
        <Codes slug={slug} state={state} />
        {place && (
          <Section id="remove" title="Remove" about={<p>Takes the place off the list. An import with them in it puts it back.</p>}>
            <ActionForm action={removeFromRoster.bind(null, slug, place.id)} label={`Remove ${place.name}`} tone="danger" />
          </Section>
        )}
      </div>
    </>
  );
}

function Codes({ slug, state: { places, claimed, place } }: { slug: string; state: RosterState }) {
  return (
    <Section
      id="codes"
      title="One-time codes"
      about={
        <>
          <p>
            Who signs in with the verified e-mail address of the list has their place at once. Others claim it by a code: print the list, or
            send each their own.
          </p>
          <p>A code works once and is shown once. Making codes again makes the earlier ones worthless.</p>
        </>
      }
    >
      {place ? (
        <CodesForm slug={slug} placeId={place.id} label={`Make a code for ${place.name}`} />
      ) : places - claimed === 0 ? (
        <p className="text-muted">{places === 0 ? 'There is nobody on the list yet.' : 'Everybody on the list has joined.'}</p>
      ) : (
        <CodesForm slug={slug} label={places - claimed === 1 ? 'Make a code for one place' : `Make codes for ${places - claimed} places`} />
      )}
    </Section>
  );
}
