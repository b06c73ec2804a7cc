'use client';
// The page's one moving part: the model and the picture above, below them each thing that is done beside what comes of it.
import { useEffect, useMemo, useState } from 'react';
import { Notice } from '@/app/ui/notice';
import type { BaselineFile } from '@/lib/playground/baselines';
import { addressOf, type View } from './address';
import { AttackControls } from './attack-controls';
import { baselines } from './choices';
import { Copies } from './copies';
import { ModelPicker } from './model-picker';
import { PerturbationControls, type KindGroup } from './perturbation-controls';
import { PictureStrip } from './picture-strip';
import { PolicyControls } from './policy-controls';
import { Stage } from './stage';
import { usePlayground, type Chosen } from './use-playground';
import { Way } from './way';

export type { KindGroup };

type Props = { groups: readonly KindGroup[]; initial: View; baseline: BaselineFile | null };

const baselineChoice = (file: BaselineFile): Chosen => ({
  name: baselines.find((each) => each.file === file)!.name, request: { baseline: file },
});

/** Writing the address at every move of a slider is refused by browsers. */
const settles = 300;

export function TryIt({ groups, initial, baseline: asked }: Props) {
  const [view, setView] = useState(initial);
  const [chosen, setChosen] = useState<Chosen | null>(asked && baselineChoice(asked));
  const { model, images, opening, refusal, fault, played, attacking, trouble, open } = usePlayground(view);
  const change = (part: Partial<View>) => setView((before) => ({ ...before, ...part }));
  const choose = (next: Chosen) => {
    setChosen(next);
    void open(next);
  };

  // A link that names a baseline was opened to see what it shows.
  useEffect(() => {
    if (asked) void open(baselineChoice(asked));
  }, [asked, open]);

  const baseline = chosen && 'baseline' in chosen.request ? chosen.request.baseline : null;
  useEffect(() => {
    if (!model) return;
    const timer = setTimeout(() => history.replaceState(history.state, '', addressOf(view, baseline)), settles);
    return () => clearTimeout(timer);
  }, [model, view, baseline]);

  const attacked = played?.attacked ?? null;
  // Where along the way of an attack one looks; its end, until somebody moves it.
  const [moment, setMoment] = useState<{ of: typeof attacked; at: number } | null>(null);
  const at = attacked && moment?.of === attacked ? Math.min(moment.at, attacked.frames.length) : (attacked?.frames.length ?? 0);
  const frame = useMemo(() => attacked?.frames[at] ?? attacked?.found ?? null, [attacked, at]);

  return (
    <div className="mt-6">
      <ModelPicker model={model} opening={opening} refusal={refusal} fault={fault} onChoose={choose} />
      {!model && <Outlook />}
      {model && images.length > 0 && (
        <>
          <PictureStrip images={images} chosen={view.image} onChoose={(image) => change({ image })} />
          {trouble && (
            <div className="mt-4">
              <Notice tone="warn" role="alert" title="This could not be shown">
                {trouble}
              </Notice>
            </div>
          )}
          <div className="mt-6 grid gap-x-10 gap-y-6 lg:grid-cols-[17rem_minmax(0,1fr)]">
            <PerturbationControls groups={groups} view={view} onChange={change} />
            <Stage played={played} frame={frame} view={view} attacking={attacking} />
            <AttackControls view={view} model={model} onChange={change} />
            <Way attacked={attacked} played={played} view={view} at={at} attacking={attacking} onMove={(next) => setMoment({ of: attacked, at: next })} />
            <PolicyControls view={view} onChange={change} />
            <Copies played={played} view={view} />
          </div>
        </>
      )}
    </div>
  );
}

const stations = [
  ['Perturb it', 'Twenty-four perturbations at five severities. Drag the slider, and picture and probabilities follow.'],
  ['Attack it', 'FGSM to AutoAttack’s cascade, and Square. Watch the probabilities step by step, and what was added, magnified.'],
  ['Average over copies', 'Every copy that test-time augmentation makes, what the model says of each, and what their mean says.'],
] as const;

/** What will be here, before a model is chosen. */
function Outlook() {
  return (
    <ol className="mt-8 grid gap-x-10 gap-y-4 border-t border-line pt-6 md:grid-cols-3">
      {stations.map(([title, text]) => (
        <li key={title}>
          <h2 className="text-lead font-semibold">{title}</h2>
          <p className="mt-1 text-muted">{text}</p>
        </li>
      ))}
    </ol>
  );
}
