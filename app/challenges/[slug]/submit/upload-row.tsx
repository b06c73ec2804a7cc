'use client';
// One upload of this window: its files with their hashes, how far it is, and what can be done about it.
import { Check } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { button } from '@/app/ui/button';
import { bytes as bytesText, duration } from '@/app/ui/format';
import { Problem } from '@/app/ui/problem';
import { again, cancel, forget, type Item, type State } from './uploads';

const quiet = `${button.plain} px-2.5 py-1 text-small`;

export function UploadRow({ item, shown }: { item: Item; shown: boolean }) {
  const { key, files, hashes, state } = item;
  const arrived = state.is === 'arrived' ? state.draft : null;
  const listed = arrived?.files ?? files.map(({ name, size }, i) => ({ name, bytes: size, sha256: hashes[i] }));
  return (
    <li aria-current={shown ? 'true' : undefined} className="space-y-2 px-4 py-3 aria-[current]:bg-accent-wash">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <ul className="figures min-w-0 flex-1 space-y-1">
          {listed.slice(0, mostListed).map(({ name, bytes, sha256 }, i) => (
            <li key={i}>
              <bdi className="font-medium break-all" title={name}>
                {shortened(name)}
              </bdi>{' '}
              <span className="text-small text-muted">{bytesText(bytes)}</span>
              {sha256 && (
                <span className="block text-micro text-muted">
                  SHA-256 <code className="break-all">{sha256}</code>
                  {arrived && hashes[i] === sha256 && (
                    <span className="ml-1 inline-flex items-center gap-0.5 font-medium text-good">
                      <Check size={11} aria-hidden /> arrived as sent
                    </span>
                  )}
                </span>
              )}
            </li>
          ))}
          {listed.length > mostListed && <li className="text-small text-muted">and {listed.length - mostListed} more</li>}
          {state.is === 'submitted' && (
            <li>
              Submitted as{' '}
              <Link href={state.url} className="link font-medium">
                {state.name}
              </Link>
            </li>
          )}
        </ul>
        <Acts itemKey={key} state={state} shown={shown} />
      </div>
      <Standing state={state} />
    </li>
  );
}

const mostListed = 6;
/** The whole of it is in the title. */
const shortened = (name: string) => (name.length > 80 ? `${name.slice(0, 50)} … ${name.slice(-20)}` : name);

function Acts({ itemKey, state, shown }: { itemKey: number; state: State; shown: boolean }) {
  if (state.is === 'waiting' || state.is === 'sending' || state.is === 'looking') {
    return (
      <button type="button" onClick={() => cancel(itemKey)} className={quiet}>
        Cancel
      </button>
    );
  }
  if (state.is === 'arrived' && shown) return <span className="text-small text-muted">shown below</span>;
  if (state.is === 'arrived') {
    return (
      <Link href={`?draft=${state.draft.id}`} scroll={false} prefetch={false} className="link text-small">
        {state.draft.problem ? 'See what is wrong' : 'Look at it and submit'}
      </Link>
    );
  }
  const retry = state.is === 'cancelled' || (state.is === 'failed' && state.refused.again !== null);
  return (
    <span className="flex gap-2">
      {retry && (
        <button type="button" onClick={() => again(itemKey)} className={quiet}>
          {state.is === 'cancelled' ? 'Upload after all' : 'Try again'}
        </button>
      )}
      <button type="button" onClick={() => forget(itemKey)} className={quiet}>
        Remove
      </button>
    </span>
  );
}

function Standing({ state }: { state: State }) {
  switch (state.is) {
    case 'waiting':
      return <p className="text-small text-muted">Waits for the one before it.</p>;
    case 'sending':
      return <Sending {...state} />;
    case 'looking':
      return (
        <Bar says="Uploaded. Looking into the model …">
          <div className="h-full w-1/4 animate-[sweep_1.2s_linear_infinite] bg-accent" />
        </Bar>
      );
    case 'refused':
      return <Problem title="Not sent: this is no model that can be taken" problem={state.problem} />;
    case 'failed':
      return <Failed refused={state.refused} />;
    case 'cancelled':
      return <p className="text-small text-muted">Cancelled.</p>;
    case 'arrived':
      return state.draft.problem ? <p className="text-small font-medium text-bad">Cannot be taken as it is.</p> : null;
    case 'submitted':
      return null;
  }
}

function Failed({ refused: { title, text, again: needs } }: { refused: Extract<State, { is: 'failed' }>['refused'] }) {
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Whoever has gone on to something else is not torn away from it.
    if (document.activeElement === document.body || document.activeElement?.id === 'files') alert.current?.focus();
  }, []);
  return (
    <div ref={alert} role="alert" tabIndex={-1} className="rounded-base border border-line bg-bad-wash px-3 py-2 text-small shadow-[inset_3px_0_0_var(--color-bad)]">
      <p className="font-semibold">{title}</p>
      <p className="max-w-[70ch]">{text}</p>
      {needs === 'sign-in' && (
        <a href="/login" target="_blank" rel="noopener" className="link font-medium">
          Sign in, in a new window
        </a>
      )}
    </div>
  );
}

function Sending({ progress: { sent, total }, rate }: Extract<State, { is: 'sending' }>) {
  const percent = Math.floor((100 * sent) / Math.max(1, total));
  const speed = rate === null ? '' : rate > 0 ? `, ${bytesText(rate)} a second, ${duration((total - sent) / rate)} left` : ', but nothing moves: is the network slow?';
  // Read out at every quarter, and not at every percent.
  return (
    <Bar says={`Uploading, ${percent} % of ${bytesText(total)}${speed}`} spoken={`Uploading, ${25 * Math.floor(percent / 25)} %`} percent={percent}>
      <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
    </Bar>
  );
}

type BarProps = { says: string; spoken?: string; percent?: number; children: React.ReactNode };

function Bar({ says, spoken = says, percent, children }: BarProps) {
  return (
    <div>
      <p aria-hidden className="figures text-small font-medium">
        {says}
      </p>
      <p role="status" className="sr-only">
        {spoken}
      </p>
      <div role="progressbar" aria-label="Upload" aria-valuenow={percent} className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-line">
        {children}
      </div>
    </div>
  );
}
