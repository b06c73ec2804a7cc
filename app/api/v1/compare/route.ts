// GET ?first=ID&second=ID: two submissions beside each other, in the public phase or with &phase=final.
import { viewerOf } from '@/lib/auth/session';
import { RequestError } from '@/lib/errors';
import { compareSubmissions } from '@/lib/leaderboard/compare';
import { phaseAsked } from '../phase';
import { json, respond } from '../respond';

export async function GET(request: Request): Promise<Response> {
  return respond(async () => {
    const asked = new URL(request.url).searchParams;
    const [first, second] = [asked.get('first'), asked.get('second')];
    if (!first || !second) throw new RequestError(400, 'Name two submissions: /api/v1/compare?first=ID&second=ID.');
    return json(await compareSubmissions(await viewerOf(request), first, second, phaseAsked(request)));
  });
}
