'use client';
// The way to join the challenge of this address, for pages that are not told which one they are of.
import Link from 'next/link';
import { useParams } from 'next/navigation';

export function JoinLink() {
  const { slug } = useParams<{ slug: string }>();
  return (
    <Link href={`/challenges/${slug}/join`} className="link">
      Join this challenge
    </Link>
  );
}
