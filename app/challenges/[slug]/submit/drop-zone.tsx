'use client';
// Where files come in: a field to click or to drop on, anywhere on the page, by paste, or a folder.
import { FolderOpen, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { button } from '@/app/ui/button';
import { filesOf, pickedOf, type PickedFile } from './dropped';

/** `small`: something has been chosen already. */
type Props = { small: boolean; onChoose: (files: readonly PickedFile[]) => void };

export function DropZone({ small, onChoose }: Props) {
  const over = useWholePage(onChoose);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Chosen before this page's scripts had arrived.
    const early = field.current?.files;
    if (!early?.length) return;
    onChoose(pickedOf(early));
    field.current!.value = '';
    // Only at the beginning.
  }, []);
  return (
    <div
      className={`relative rounded-base border border-dashed text-center transition-colors rings-within ${small ? 'px-4 py-4' : 'px-6 py-8'} ${
        over ? 'border-accent bg-accent-wash' : 'border-line-strong bg-surface hover:bg-sunken'
      }`}
    >
      <Upload size={20} strokeWidth={1.5} aria-hidden className={`mx-auto text-muted ${small ? 'hidden' : ''}`} />
      <label htmlFor="files" className={`block font-medium ${small ? '' : 'mt-2'}`}>
        Model files
      </label>
      <p id="files-hint" className="mx-auto mt-0.5 max-w-[60ch] text-small text-muted">
        {over ? 'Let go: it is looked at first, and nothing is evaluated yet.' : small ? 'Another one? ' : ''}
        {!over && (
          <>
            Drop <code>model.onnx</code>, <code>model.keras</code> or <code>model.h5</code> anywhere on this page, or paste. What
            comes in several files (<code>model.onnx.data</code>, TensorFlow.js) goes together, or as a zip.
          </>
        )}
      </p>
      <input
        ref={field}
        id="files"
        name="files"
        type="file"
        multiple
        aria-describedby="files-hint"
        // The whole zone is the field: the input lies over it, unseen.
        className="absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={({ target }) => {
          if (target.files?.length) onChoose(pickedOf(target.files));
          // So that the same file, exported anew, can be chosen again.
          target.value = '';
        }}
      />
      {/* Under the unseen input, which takes the click. */}
      <span aria-hidden className={`${small ? button.plain : button.primary} mt-3 mr-2 py-1 text-small`}>
        Choose files
      </span>
      <button
        type="button"
        className={`${button.plain} relative mt-3 py-1 text-small [@media(scripting:none)]:hidden`}
        onClick={() => chooseFolder(onChoose)}
      >
        <FolderOpen size={14} aria-hidden /> Choose a folder
      </button>
    </div>
  );
}

/** By a field that is on no page: two fields for files would be one too many to read out. */
function chooseFolder(onChoose: Props['onChoose']): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.webkitdirectory = true;
  input.onchange = () => input.files?.length && onChoose(pickedOf(input.files));
  input.click();
}

/** Takes what is dropped or pasted anywhere; whether files are being dragged over the page. */
function useWholePage(onChoose: Props['onChoose']): boolean {
  const [over, setOver] = useState(false);
  const choose = useRef(onChoose);
  useEffect(() => {
    choose.current = onChoose;
  });
  useEffect(() => {
    const stop = new AbortController();
    const listen = <K extends 'dragover' | 'dragleave' | 'drop' | 'paste'>(kind: K, heard: (event: WindowEventMap[K]) => void) =>
      window.addEventListener(kind, heard, { signal: stop.signal });
    const hasFiles = (transfer: DataTransfer | null) => transfer?.types.includes('Files') ?? false;
    // A drag shows what it is by its kind alone; without preventing it the browser would open the file.
    listen('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(true);
    });
    listen('dragleave', ({ relatedTarget }) => relatedTarget === null && setOver(false));
    listen('drop', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(false);
      void filesOf(event.dataTransfer!).then((files) => choose.current(files));
    });
    listen('paste', ({ clipboardData }) => {
      if (clipboardData?.files.length) choose.current(pickedOf(clipboardData.files));
    });
    return () => stop.abort();
  }, []);
  return over;
}
