'use client';
// "Is this what you meant?": how the model's images go in, with its answers to some of them, run here in the browser; the choice is the student's.
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Notice } from '@/app/ui/notice';
import type { Report } from '@/lib/evaluation/report';
import { SampleAnswers } from './sample-answers';
import { save } from './saving';
import { ScalingChoice } from './scaling-choice';
import { nameOf, sameScaling, usual, type Scaling } from './scalings';
import { UploadError } from './upload';
import { lookedInto } from './uploads';
import { useFeeding } from './use-feeding';
import { verdictOf } from './verdict';

type Props = { draftId: string; report: Pick<Report, 'layout' | 'scaling'> | null };

const unit: Scaling = usual[0].scaling;
/** Those that a model can leave open. */
const openLayouts = ['N,1,28,28', 'N,28,28,1'] as const;

export function Meant({ draftId, report }: Props) {
  const router = useRouter();
  const [scaling, setScaling] = useState<Scaling>(report?.scaling ?? unit);
  const [said, setSaid] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const { feed, other } = useFeeding(draftId, report?.layout);
  const untouched = useRef(sameScaling(scaling, unit));

  const change = async (choice: { scaling?: Scaling; layout?: Report['layout'] }) => {
    setFailed(null);
    try {
      lookedInto(draftId, await save(draftId, choice));
      router.refresh();
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      setFailed(`${error.refused.title}: ${error.refused.text}`);
    }
  };
  const choose = (next: Scaling) => {
    untouched.current = false;
    setSaid(null);
    setScaling(next);
    other(next);
    void change({ scaling: next });
  };
  const verdict = feed.is === 'looked' ? verdictOf(feed.looked, scaling) : null;
  const better = verdict?.better ?? null;
  useEffect(() => {
    // Only in the student's place, before they have chosen anything, and never without saying so.
    if (!better || !untouched.current) return;
    untouched.current = false;
    setSaid(`${verdict!.text} So ${nameOf(better)} has been chosen for you; change it if you meant something else.`);
    setScaling(better);
    void change({ scaling: better });
  }, [better]);

  if (!report) return <OpenLayout onChoose={(layout) => void change({ layout })} failed={failed} />;
  const looked = feed.is === 'looked' ? feed.looked : null;
  return (
    <section aria-labelledby="meant" className="space-y-4 [@media(scripting:none)]:hidden">
      <h2 id="meant" className="text-lead font-semibold">
        Is this what you meant?
      </h2>
      <div role="status" className="space-y-3">
        {feed.is === 'running' && <p className="text-small text-muted">Trying it on labelled training images, in this browser …</p>}
        {feed.is === 'failed' && (
          <p className="text-small text-muted">
            {feed.why} The report above is the site’s own and does not need it; choose below what the model was trained on.
          </p>
        )}
        {feed.is === 'absent' && (
          <p className="text-small text-muted">
            Choose below what the model was trained on. To see its answers on sample images first, choose its files again: this page has let go of
            them.
          </p>
        )}
        {verdict && (
          <Notice tone={said ? 'warn' : verdict.tone} role="note">
            <p>{said ?? verdict.text}</p>
            {verdict.hints.map((hint) => (
              <p key={hint}>{hint}</p>
            ))}
          </Notice>
        )}
      </div>
      {failed && (
        <Notice tone="bad" role="alert" title="The choice was not saved">
          {failed}
        </Notice>
      )}
      {looked && <SampleAnswers looked={looked} scaling={scaling} />}
      <ScalingChoice
        value={scaling}
        right={looked?.fed.slice(0, usual.length).map(({ right }) => right)}
        images={looked?.labels.length}
        onChange={choose}
      />
    </section>
  );
}

function OpenLayout({ onChoose, failed }: { onChoose: (layout: Report['layout']) => void; failed: string | null }) {
  return (
    <section aria-labelledby="layout" className="space-y-3 [@media(scripting:none)]:hidden">
      <h2 id="layout" className="text-lead font-semibold">
        Which layout does it take?
      </h2>
      <p className="text-muted">The model leaves it open. PyTorch’s models take channels first, Keras’ channels last. Nothing is uploaded again.</p>
      <div className="flex flex-wrap gap-2">
        {openLayouts.map((layout) => (
          <button
            key={layout}
            type="button"
            onClick={() => onChoose(layout)}
            className="rounded-base border border-line-strong bg-surface px-4 py-2 font-medium hover:bg-sunken"
          >
            [{layout}]
          </button>
        ))}
      </div>
      {failed && (
        <Notice tone="bad" role="alert" title="The choice was not saved">
          {failed}
        </Notice>
      )}
    </section>
  );
}
