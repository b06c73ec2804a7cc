'use client';
// Which model is played with: one's own files, or one of the baselines. What is wrong with files is said as an upload says it.
import { Upload } from 'lucide-react';
import { useState, type DragEvent } from 'react';
import { whole, short } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import { Problem } from '@/app/ui/problem';
import type { SubmissionProblem } from '@/lib/errors';
import { baselines } from './choices';
import type { Chosen, Model } from './use-playground';

type Props = {
  model: Model | null;
  opening: string | null;
  refusal: { name: string; problem: SubmissionProblem } | null;
  fault: string | null;
  onChoose: (chosen: Chosen) => void;
};

async function ownModel(files: readonly File[]): Promise<Chosen> {
  const read = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
  return { name: files.map(({ name }) => name).join(', '), request: { files: read } };
}

export function ModelPicker({ model, opening, refusal, fault, onChoose }: Props) {
  const [unfolded, setUnfolded] = useState(false);
  const folded = model !== null && !unfolded;
  const choose = (chosen: Chosen) => {
    setUnfolded(false);
    onChoose(chosen);
  };
  const chooseOwn = async (files: readonly File[]) => {
    if (files.length > 0) choose(await ownModel(files));
  };
  return (
    <section aria-labelledby="model">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h2 id="model" className="text-title font-semibold">
          {model ? model.name : 'Choose a model'}
        </h2>
        {model && <ModelFacts model={model} />}
        {model && (
          <button type="button" aria-expanded={!folded} onClick={() => setUnfolded(folded)} className="link min-h-6 text-small">
            {folded ? 'Another model' : 'Keep this one'}
          </button>
        )}
      </div>
      <p role="status" className="text-small text-muted">
        {opening && `Opening ${opening}: the runtime (14 MB, 4 MB packed) is fetched once, then the model is read and looked at …`}
      </p>
      {refusal && (
        <div className="mt-3">
          <Problem title={`${refusal.name} cannot be opened`} problem={refusal.problem} />
        </div>
      )}
      {fault && (
        <div className="mt-3">
          <Notice tone="bad" role="alert" title="The model could not be opened here">
            {fault}
          </Notice>
        </div>
      )}
      {!folded && (
        <div className="mt-3 grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
          <OwnFiles onChoose={(files) => void chooseOwn(files)} disabled={opening !== null} />
          <ul aria-label="Baselines" className="grid gap-2 sm:grid-cols-2">
            {baselines.map(({ file, name, about }) => (
              <li key={file}>
                <button
                  type="button"
                  disabled={opening !== null}
                  onClick={() => choose({ name, request: { baseline: file } })}
                  className="size-full rounded-base border border-line bg-surface px-4 py-2.5 text-left hover:not-disabled:border-line-strong hover:not-disabled:bg-sunken disabled:opacity-60"
                >
                  <span className="block font-medium">{name}</span>
                  <span className="block text-small text-muted">{about}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {model && model.report.notes.length > 0 && (
        <ul className="mt-2 max-w-[78ch] list-disc space-y-1 pl-5 text-small text-muted">
          {model.report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ModelFacts({ model: { report, info } }: { model: Model }) {
  const facts = [`${whole(report.parameters)} parameters`, `${short(report.flopsPerImage)} FLOPs an image`, `[${report.layout}]`, `${info.engine}, on this device`];
  return <p className="figures text-small text-muted">{facts.join(' · ')}</p>;
}

function OwnFiles({ onChoose, disabled }: { onChoose: (files: readonly File[]) => void; disabled: boolean }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!disabled) onChoose([...event.dataTransfer.files]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`rings-within relative grid content-center rounded-base border border-dashed px-6 py-6 text-center transition-colors ${
        over ? 'border-accent bg-accent-wash' : 'border-line-strong bg-surface hover:bg-sunken'
      }`}
    >
      <Upload size={20} strokeWidth={1.5} aria-hidden className="mx-auto text-muted" />
      <label htmlFor="own" className="mt-2 block font-medium">
        A model of your own
      </label>
      <p id="own-hint" className="mt-0.5 text-small text-muted">
        Drop <code>model.onnx</code>, <code>.keras</code>, <code>.h5</code> or TensorFlow.js files here, together or as a zip; or click to
        choose. They stay on this device.
      </p>
      <input
        id="own"
        type="file"
        multiple
        disabled={disabled}
        aria-describedby="own-hint"
        // The whole zone is the field: the input lies over it, unseen.
        className="absolute inset-0 cursor-pointer opacity-0"
        onChange={({ target }) => {
          if (target.files?.length) onChoose([...target.files]);
          target.value = '';
        }}
      />
    </div>
  );
}
