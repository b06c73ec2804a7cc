'use client';
// The picture on its way through perturbation and attack, and what the model makes of it: pictures, sentence, bars.
import { useEffect, useState, type ReactNode } from 'react';
import { epsilon, words } from '@/app/ui/format';
import { classNames } from '@/lib/evaluation/classes';
import type { Look, Played } from '@/lib/playground/play';
import type { View } from './address';
import { answerOf, shareText } from './answer';
import { attacks, epsilons } from './choices';
import { Difference, Picture } from './picture';
import { Probabilities } from './probabilities';

/** `frame`: where one looks along an attack's way; null without an attack. */
type Props = { played: Played | null; frame: Look | null; view: View; attacking: boolean };

export function Stage({ played, frame, view, attacking }: Props) {
  if (!played) return <div className="skeleton min-h-64" role="status" aria-label="The model looks at the picture" />;
  const { original, perturbed, label } = played;
  const shown = frame ?? perturbed;
  const change = view.attack && frame ? frame : null;
  const radius = epsilons[view.norm][view.radius];
  // In L2 no pixel may move far when all do: what is drawn is full at what the largest pixel moved.
  const limit = change && view.norm === 'l2' ? Math.max(1e-6, ...change.x.map((value, i) => Math.abs(value - perturbed.x[i]))) : radius;
  return (
    <section aria-label="What the model sees and says" className="grid min-w-0 content-start gap-x-10 gap-y-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <ol className={`grid gap-2 self-start sm:gap-3 ${view.attack ? 'grid-cols-4' : 'grid-cols-3'}`}>
        <Tile name="Original" look={original}>
          <Picture x={original.x} label={`Original: ${classNames[label]}`} />
        </Tile>
        <Tile name={view.severity > 0 ? `${words(view.kind)}, ${view.severity}` : 'Not perturbed'} look={perturbed}>
          <Picture x={perturbed.x} label={view.severity > 0 ? `Under ${words(view.kind)} at severity ${view.severity}` : 'Not perturbed'} />
        </Tile>
        {view.attack && (
          <Tile name={attacks[view.attack].name} look={change}>
            {change ? <Picture x={change.x} label={`After ${attacks[view.attack].name} at radius ${epsilon(radius)}`} /> : <Waiting attacking={attacking} />}
          </Tile>
        )}
        <li>
          {view.attack && !change ? (
            <Waiting attacking={attacking} />
          ) : (
            <Difference
              from={change ? perturbed.x : original.x}
              to={shown.x}
              limit={change ? limit : 1}
              label={change ? 'What the attack added, magnified' : 'What the perturbation changed'}
              className="border border-line"
            />
          )}
          <p className="mt-1 text-small font-medium">{view.attack ? 'What it added' : 'What changed'}</p>
          <p className="text-micro text-muted">
            {change && `× ${Math.round(1 / limit)}, `}
            <span className="text-series-1">brighter</span>, <span className="text-warn">darker</span>
          </p>
        </li>
      </ol>
      <div className="min-w-0">
        <Said look={shown} truth={label} />
        <Probabilities logits={shown.logits} before={shown === original || (view.severity === 0 && !view.attack && !view.policy) ? null : original.logits} truth={label} />
        <p className="figures mt-1 text-micro text-muted">
          Mark in a bar: the untouched picture, without copies. Worked out in {Math.ceil(played.milliseconds)} ms on this device.
        </p>
      </div>
    </section>
  );
}

function Waiting({ attacking }: { attacking: boolean }) {
  return <div className={`aspect-square w-full rounded-small ${attacking ? 'skeleton' : 'bg-sunken'}`} role="status" aria-label={attacking ? 'Attacking' : 'Nothing yet'} />;
}

function Tile({ name, look, children }: { name: string; look: Look | null; children: ReactNode }) {
  const answer = look && answerOf(look.logits);
  return (
    <li>
      {children}
      <p className="mt-1 text-small font-medium max-sm:leading-tight">{name}</p>
      <p className="figures text-micro text-muted">{answer ? `${answer.name}, ${shareText(answer.share)}` : '…'}</p>
    </li>
  );
}

/** Read out when it has stood still for a moment, not at every move of a slider. */
function Said({ look, truth }: { look: Look; truth: number }) {
  const { label, name, share } = answerOf(look.logits);
  const right = label === truth;
  const sentence = right ? `${name}, with ${shareText(share)}: right.` : `Taken for ${name}, with ${shareText(share)}. It is ${classNames[truth]}.`;
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(sentence), 500);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <>
      <p aria-hidden className={`mb-2 text-lead font-semibold ${right ? 'text-good' : 'text-bad'}`}>
        {sentence}
      </p>
      <p role="status" className="sr-only">
        {spoken}
      </p>
    </>
  );
}
