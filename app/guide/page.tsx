// The guide of the default protocol, with the way to each challenge's own.
import type { Metadata } from 'next';
import Link from 'next/link';
import { currentViewer } from '@/lib/auth/session';
import { guideOf } from '@/lib/challenges/guide';
import { challengesFor } from '@/lib/challenges/list';
import { GuideBody } from './guide';

export const metadata: Metadata = { title: 'Guide' };

export default async function GuidePage() {
  const viewer = await currentViewer();
  const [guide, listed] = await Promise.all([guideOf(viewer), challengesFor(viewer)]);
  return (
    <GuideBody
      guide={guide}
      title="Guide"
      intro={
        <>
          <p>
            From a trained network to a row on the board: what is measured, shown on real images; how to export; how the score is made and
            read. It tells of the protocol <code className="text-small">{guide.protocol.name}</code>.
          </p>
          {listed.length > 0 && (
            <p className="mt-2">
              With its own rules and protocol, the guide of:{' '}
              {listed.map(({ challenge: { slug, title } }, i) => (
                <span key={slug}>
                  {i > 0 && ', '}
                  <Link href={`/challenges/${slug}/guide`} className="link">
                    {title}
                  </Link>
                </span>
              ))}
            </p>
          )}
        </>
      }
    />
  );
}
