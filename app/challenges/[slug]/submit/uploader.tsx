'use client';
// The uploads: where files come in, and the list of what came of each. Reports are rendered by the server, under ?draft=.
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { DropZone } from './drop-zone';
import type { PickedFile } from './dropped';
import { UploadRow } from './upload-row';
import { add, noUploads, subscribe, uploadsNow } from './uploads';
import { WaitingRow, type Waiting } from './waiting-row';

type Props = {
  challenge: string;
  /** Whether another upload may begin. */
  open: boolean;
  /** The draft that is shown. */
  shown: string | null;
  /** Uploads of earlier, as the site keeps them. */
  waiting: readonly Waiting[];
  /** How many the site keeps; of more, the oldest go. */
  most: number;
};

export function Uploader({ challenge, open, shown, waiting, most }: Props) {
  const router = useRouter();
  const { items: all, leftOut } = useSyncExternalStore(subscribe, uploadsNow, noUploads);
  const items = all.filter((item) => item.challenge === challenge);
  const here = new Set(items.flatMap(({ state }) => (state.is === 'arrived' ? [state.draft.id] : [])));
  const earlier = waiting.filter(({ id }) => !here.has(id));
  // The first of what was chosen last is shown as soon as it has arrived; the others of it when somebody opens them.
  const wanted = useRef<number | null>(null);
  const choose = (files: readonly PickedFile[]) => {
    const before = new Set(uploadsNow().items);
    add(challenge, files, most);
    const added = uploadsNow().items.filter((item) => !before.has(item));
    wanted.current = added[0]?.key ?? null;
  };
  useEffect(() => {
    const arrived = items.find(({ key, state }) => key === wanted.current && state.is === 'arrived');
    if (arrived?.state.is !== 'arrived') return;
    wanted.current = null;
    router.replace(`?draft=${arrived.state.draft.id}`, { scroll: false });
  }, [items, router]);
  const count = items.length + earlier.length;
  return (
    <section aria-label="Uploads" className="space-y-4">
      {open && (
        <form action={`/challenges/${challenge}/submit/upload`} method="post" encType="multipart/form-data">
          <DropZone small={count > 0} onChoose={choose} />
          <noscript>
            <button type="submit" className="mt-3 rounded-base bg-accent px-4 py-2 font-medium text-on-accent">
              Upload
            </button>
            <p className="mt-2 text-small text-muted">
              Without JavaScript, pixels go in from 0 to 1. For others, use the command line:{' '}
              <code>npx gauntlet submit model.onnx --scale 255</code>
            </p>
          </noscript>
        </form>
      )}
      {leftOut.length > 0 && (
        <p className="text-small text-muted">
          Left out, as no part of a model: <bdi className="break-all">{leftOut.slice(0, 8).join(', ')}</bdi>
          {leftOut.length > 8 && ` and ${leftOut.length - 8} more`}.
        </p>
      )}
      {count > 0 && (
        <div>
          <h2 className="eyebrow mb-1">{count === 1 ? 'Upload' : `${count} uploads`}</h2>
          <ul className="divide-y divide-line rounded-base border border-line bg-surface">
            {items.map((item) => (
              <UploadRow key={item.key} item={item} shown={item.state.is === 'arrived' && item.state.draft.id === shown} />
            ))}
            {earlier.map((draft) => (
              <WaitingRow key={draft.id} draft={draft} shown={draft.id === shown} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
