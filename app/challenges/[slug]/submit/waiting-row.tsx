// An upload of earlier that waits to be submitted, as the site keeps it.
import Link from 'next/link';
import { bytes as bytesText } from '@/app/ui/format';
import { Time } from '@/app/ui/time';

/** Times are ISO 8601. */
export type Waiting = { id: string; name: string; bytes: number; createdAt: string; expiresAt: string };

export function WaitingRow({ draft: { id, name, bytes, createdAt, expiresAt }, shown }: { draft: Waiting; shown: boolean }) {
  return (
    <li aria-current={shown ? 'true' : undefined} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2.5 aria-[current]:bg-accent-wash">
      <bdi className="min-w-0 font-medium break-all">{name}</bdi>
      <span className="figures text-small text-muted">
        {bytesText(bytes)}, uploaded <Time at={createdAt} />, kept until <Time at={expiresAt} />
      </span>
      {shown ? (
        <span className="ml-auto text-small text-muted">shown below</span>
      ) : (
        <Link href={`?draft=${id}`} scroll={false} prefetch={false} className="link ml-auto text-small">
          Look at it
        </Link>
      )}
    </li>
  );
}
