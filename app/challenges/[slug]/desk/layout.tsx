// The frame of the desk's pages: their navigation, to the staff of the challenge alone. Each page asks for its own leave besides.
import type { ReactNode } from 'react';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { admitted } from '@/lib/challenges/standing';
import { DeskNav } from './nav';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

export default async function DeskLayout({ params, children }: Props) {
  const { slug } = await params;
  const { standing } = await orNotFound(admitted(await currentViewer(), slug, 'assistant'), `/challenges/${slug}/desk`);
  return (
    <>
      <DeskNav slug={slug} standing={standing} />
      {children}
    </>
  );
}
