'use client';
// Runs an uploaded model in this browser on labelled training images, as long as its files are at hand. Nothing is sent.
import { useEffect, useRef, useState } from 'react';
import type { Fed, Looked } from '@/lib/playground/feeding';
import type { Feeding } from '@/lib/playground/feeding-client';
import { sameScaling, usual, type Scaling } from './scalings';
import { heldBy } from './uploads';

export type Feed =
  | { is: 'absent' }
  | { is: 'running' }
  | { is: 'looked'; looked: Looked }
  /** Said to the student; the site's own report decides. */
  | { is: 'failed'; why: string };

/** More would take minutes to read and gigabytes to hold. */
const mostBytes = 60 * 1024 * 1024;

/** `layout`: where the model leaves it open. `other` feeds a scaling that is none of the usual ones. */
export function useFeeding(draftId: string, layout: Looked['report']['layout'] | undefined): { feed: Feed; other: (scaling: Scaling) => void } {
  const [feed, setFeed] = useState<Feed>({ is: 'absent' });
  const feeding = useRef<Feeding | null>(null);
  useEffect(() => {
    const held = heldBy(draftId);
    if (!held) return;
    let left = false;
    const tell = (next: Feed) => left || setFeed(next);
    tell({ is: 'running' });
    void (async () => {
      try {
        const size = held.files.reduce((sum, file) => sum + file.size, 0);
        if (size > mostBytes) return tell({ is: 'failed', why: 'The model is too large to be tried out in a browser.' });
        const { startFeeding } = await import('@/lib/playground/feeding-client');
        if (left) return;
        feeding.current = startFeeding();
        const files = await Promise.all(held.files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
        const found = await feeding.current.look({ files, options: { layout }, scalings: usual.map(({ scaling }) => scaling) });
        tell('problem' in found ? { is: 'failed', why: `Tried out in this browser it fails: ${found.problem.found} ${found.problem.fix}` } : { is: 'looked', looked: found });
      } catch (error) {
        tell({ is: 'failed', why: `It could not be tried out in this browser (${(error as Error).message}).` });
      }
    })();
    return () => {
      left = true;
      feeding.current?.close();
      feeding.current = null;
    };
  }, [draftId, layout]);
  const other = (scaling: Scaling) => {
    const has = (fed: readonly Fed[]) => fed.some((each) => !each.transposed && sameScaling(each.scaling, scaling));
    if (feed.is !== 'looked' || has(feed.looked.fed)) return;
    void feeding.current?.feed(scaling).then((fed) => setFeed((now) => (now.is === 'looked' ? { is: 'looked', looked: { ...now.looked, fed: [...now.looked.fed, fed] } } : now)));
  };
  return { feed, other };
}
