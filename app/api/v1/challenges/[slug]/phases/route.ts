// GET: what was promised of the seeds of a challenge, and those that are revealed.
import { getChallenge } from '@/lib/challenges/challenges';
import { json, respond } from '../../../respond';

type Context = { params: Promise<{ slug: string }> };

export async function GET(_: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { slug, phases } = await getChallenge((await params).slug);
    const shown = phases.map(({ kind, seedCommitment, revealed }) => ({ phase: kind, seedCommitment, revealed }));
    return json({ challenge: slug, phases: shown });
  });
}
