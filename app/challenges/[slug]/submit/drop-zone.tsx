'use client';
// A field for the model's files: click, or drop them on it.
import { Upload } from 'lucide-react';
import { useState, type DragEvent } from 'react';
import { bytes as bytesText } from '@/app/ui/format';

type Props = { files: readonly { name: string; bytes: number }[]; onChoose: (files: readonly File[]) => void };

export function DropZone({ files, onChoose }: Props) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length > 0) onChoose([...event.dataTransfer.files]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`relative rounded-base border border-dashed px-6 py-8 text-center transition-colors rings-within ${
        over ? 'border-accent bg-accent-wash' : 'border-line-strong bg-surface hover:bg-sunken'
      }`}
    >
      <Upload size={20} strokeWidth={1.5} aria-hidden className="mx-auto text-muted" />
      <label htmlFor="files" className="mt-2 block font-medium">
        Model files
      </label>
      <p id="files-hint" className="mt-0.5 text-small text-muted">
        Drop <code>model.onnx</code>, <code>model.keras</code> or <code>model.h5</code> here, or click to choose. What comes in several
        files (<code>model.onnx.data</code>, TensorFlow.js) goes together, or as a zip.
      </p>
      <input
        id="files"
        type="file"
        multiple
        aria-describedby="files-hint"
        // The whole zone is the field: the input lies over it, unseen.
        className="absolute inset-0 cursor-pointer opacity-0"
        onChange={({ target }) => {
          if (target.files?.length) onChoose([...target.files]);
          // So that the same file, exported anew, can be chosen again.
          target.value = '';
        }}
      />
      {files.length > 0 && (
        <ul className="figures mt-4 space-y-0.5 border-t border-line pt-3 text-small">
          {files.map(({ name, bytes }) => (
            <li key={name}>
              <span className="font-medium break-all">{name}</span> <span className="text-muted">{bytesText(bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
