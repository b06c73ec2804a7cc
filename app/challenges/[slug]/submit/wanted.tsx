// What a model has to be, and the lines that export one.
import Link from 'next/link';
import { CopyBlock } from '@/app/ui/copy-block';
import { modelContract } from '@/lib/challenges/contract';
import { limits } from '@/lib/limits';

/** `open`: the lines of the first framework stand there without asking. */
export function Wanted({ open, slug }: { open: boolean; slug: string }) {
  return (
    <aside aria-labelledby="wanted" className="min-w-0 space-y-4">
      <h2 id="wanted" className="text-title font-semibold">
        What is wanted
      </h2>
      <p className="text-muted">
        {modelContract.file}{' '}
        <Link href={`/challenges/${slug}/guide#export`} prefetch={false} className="link">
          The guide
        </Link>{' '}
        tells more, and what the score is made of.
      </p>
      <p className="text-muted">{modelContract.model} Logits, probabilities and log-probabilities are recognised.</p>
      {Object.entries(modelContract.snippets).map(([framework, { language, text }]) => (
        <details key={framework} open={open && framework === 'PyTorch'}>
          <summary className="mb-2 w-fit rounded-small font-medium">From {framework}</summary>
          <CopyBlock label={language} text={text} />
        </details>
      ))}
      <details>
        <summary className="mb-2 w-fit rounded-small font-medium">From the command line</summary>
        <CopyBlock label="Shell" text={'npx gauntlet submit model.onnx --name "my CNN" --wait'} />
      </details>
      <p className="text-small text-muted">
        At most {limits.uploadBytes / 1024 / 1024} MB in {limits.uploadFiles} files, and {limits.flopsPerImage / 1e9} GFLOP per image. Uploading
        costs nothing: the model is looked at first, and only evaluated when you say so. Closing the page stops an upload that is under way;
        what has arrived is kept for {limits.draftHours} hours and waits for you here.
      </p>
    </aside>
  );
}
