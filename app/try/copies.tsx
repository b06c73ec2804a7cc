'use client';
// What a policy averages: its copies, what the model says of each, and what the mean says.
import type { Played } from '@/lib/playground/play';
import type { View } from './address';
import { answerOf, shareText } from './answer';
import { Picture } from './picture';

export function Copies({ played, view }: { played: Played | null; view: View }) {
  const frame = 'min-w-0 lg:border-t lg:border-line lg:pt-6';
  if (!view.policy) {
    return (
      <p className={`${frame} text-muted`}>
        Test-time augmentation asks the model about several changed copies of the picture and averages its probabilities. Choose a policy
        to see the copies.
      </p>
    );
  }
  if (!played?.copies) return <div className={`${frame} skeleton min-h-32`} role="status" aria-label="The model looks at the copies" />;
  const { each, bare, mean } = played.copies;
  const [alone, together] = [answerOf(bare), answerOf(mean)];
  const draws = view.policy === 'sum' || view.policy.startsWith('mixup');
  return (
    <div className={frame}>
      <p className="max-w-[78ch]">
        The mean of {each.length} copies says <strong>{together.name}</strong> with {shareText(together.share)}; the picture alone{' '}
        {alone.label === together.label ? 'the same' : <strong>{alone.name}</strong>} with {shareText(alone.share)}.
        {draws && ' Partners come from the 256 training images of this page; an evaluation draws from all 60,000.'}
      </p>
      <ul className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(4.75rem,1fr))] gap-x-3 gap-y-2">
        {each.map(({ x, logits }, i) => {
          const { name, share, label } = answerOf(logits);
          return (
            <li key={i}>
              <Picture x={x} label={`Copy ${i + 1}: ${name}`} />
              <p className={`mt-0.5 text-micro leading-tight ${label === played.label ? '' : 'text-bad'}`}>
                {name} <span className="figures text-muted">{shareText(share)}</span>
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
