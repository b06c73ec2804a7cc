// POST, by an instructor: publish the seed of a phase, for ever. The body may be {"anyway": true} (see the verb).
import { signedInViewerOf } from '@/lib/auth/session';
import { revealPhase } from '@/lib/challenges/reveal';
import { phaseKind } from '../../../../../phase';
import { json, respond } from '../../../../../respond';
import { anywayOf } from '../anyway';

type Context = { params: Promise<{ slug: string; kind: string }> };

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const viewer = await signedInViewerOf(request);
    const { slug, kind } = await params;
    const { seedCommitment, revealed } = await revealPhase(viewer, slug, phaseKind(kind), await anywayOf(request));
    return json({ challenge: slug, phase: kind, seedCommitment, revealed });
  });
}
