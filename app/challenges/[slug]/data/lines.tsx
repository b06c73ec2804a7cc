// The lines that load the training data, for each framework. Their text lives beside what makes the files.
import { CopyBlock } from '@/app/ui/copy-block';
import { kerasLoad, kindOfImage, pytorchLoad, pytorchLoader, torchvisionLoad } from '@/lib/challenges/training-data';

const blocks: [string, string][] = [
  ['PyTorch', `${pytorchLoad}\n\n${pytorchLoader}`],
  ['Keras', kerasLoad],
  ['IDX, with torchvision', torchvisionLoad],
  ['Which image got what', kindOfImage],
];

export function Lines() {
  return (
    <section aria-labelledby="lines" className="min-w-0">
      <h2 id="lines" className="mb-3 text-title font-semibold">
        Load it
      </h2>
      <div className="space-y-4">
        {blocks.map(([title, text], i) => (
          <details key={title} open={i === 0}>
            <summary className="mb-2 w-fit rounded-small font-medium">{title}</summary>
            <CopyBlock label="Python" text={text} />
          </details>
        ))}
      </div>
    </section>
  );
}
