'use client';
// Handing in a model: choose files, see what the platform makes of them, name the submission, submit.
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { bytes as bytesText } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import { Problem } from '@/app/ui/problem';
import { Confirm } from './confirm';
import { DropZone } from './drop-zone';
import { ReportCard } from './report-card';
import { ScalingChoice } from './scaling-choice';
import { upload, type DraftAnswer, type Scaling, type Upload } from './upload';

type Phase =
  | { step: 'choose' }
  | { step: 'sending'; share: number }
  | { step: 'answered'; draft: DraftAnswer }
  | { step: 'failed'; message: string };

type Props = {
  challenge: string;
  initial: DraftAnswer | null;
  limits: { bytes: number; files: number };
  policies: readonly (readonly [label: string, name: string])[];
};

export function SubmitForm({ challenge, initial, limits, policies }: Props) {
  const router = useRouter();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [scaling, setScaling] = useState<Scaling>(initial?.report?.scaling ?? { scale: 1, mean: 0, deviation: 1 });
  const [phase, setPhase] = useState<Phase>(initial ? { step: 'answered', draft: initial } : { step: 'choose' });
  const running = useRef<Upload | null>(null);

  const send = async (chosen: readonly File[], wanted: Scaling) => {
    running.current?.cancel();
    const refused = tooMuch(chosen, limits);
    if (refused) return setPhase({ step: 'failed', message: refused });
    setPhase({ step: 'sending', share: 0 });
    const mine = upload(challenge, chosen, wanted, (share) => running.current === mine && setPhase({ step: 'sending', share }));
    running.current = mine;
    try {
      const draft = await mine.answer;
      if (running.current !== mine) return;
      setPhase({ step: 'answered', draft });
      router.replace(`?draft=${draft.id}`, { scroll: false });
    } catch (error) {
      if (running.current === mine) setPhase({ step: 'failed', message: (error as Error).message });
    }
  };
  const choose = (chosen: readonly File[]) => {
    setFiles(chosen);
    void send(chosen, scaling);
  };
  const scale = (wanted: Scaling) => {
    setScaling(wanted);
    if (files.length > 0) void send(files, wanted);
  };
  const draft = phase.step === 'answered' ? phase.draft : null;
  return (
    <div className="space-y-6">
      <DropZone
        files={draft && files.length === 0 ? draft.files : files.map(({ name, size }) => ({ name, bytes: size }))}
        onChoose={choose}
      />
      <ScalingChoice value={scaling} onChange={scale} />
      {phase.step === 'sending' && <Sending share={phase.share} />}
      {phase.step === 'failed' && (
        <Notice tone="bad" role="alert" title="The upload did not get through">
          {phase.message}
        </Notice>
      )}
      {draft?.problem && <Problem title="This model cannot be taken as it is" problem={draft.problem} />}
      {draft?.report && (
        <>
          <ReportCard report={draft.report} />
          <Confirm
            key={draft.id}
            draftId={draft.id}
            suggestion={draft.files[0]?.name.replace(/\.[^.]*(\.data)?$/, '') ?? ''}
            policies={policies}
          />
        </>
      )}
      <noscript>
        <Notice tone="info" role="note">
          <p>
            Uploading here needs JavaScript. The command line does not:{' '}
            <code className="text-small">npx gauntlet submit model.onnx --name “my model”</code>
          </p>
        </Notice>
      </noscript>
    </div>
  );
}

function tooMuch(files: readonly File[], limits: Props['limits']): string | null {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > limits.files) return `${files.length} files are more than ${limits.files}. Send a zip of them.`;
  if (size > limits.bytes) return `${bytesText(size)} is more than the ${limits.bytes / 1024 / 1024} MB that an upload may have.`;
  return null;
}

function Sending({ share }: { share: number }) {
  const percent = Math.round(share * 100);
  return (
    <div role="status">
      <p className="figures text-small font-medium">{share < 1 ? `Uploading, ${percent} %` : 'Uploaded. Looking into the model …'}</p>
      <div className="mt-2 h-1.5 overflow-hidden rounded-full bg-line">
        {share < 1 ? (
          <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
        ) : (
          <div className="h-full w-1/4 animate-[sweep_1.2s_linear_infinite] bg-accent" />
        )}
      </div>
    </div>
  );
}
