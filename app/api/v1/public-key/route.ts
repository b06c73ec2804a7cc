// GET: the key that this site signs receipts with, its public half, as PEM.
import { RequestError } from '@/lib/errors';
import { sitePublicKey } from '@/lib/evaluations/signing-key';
import { respond } from '../respond';

// Read when it is asked for: a build has no key.
export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  return respond(async () => {
    const key = sitePublicKey();
    if (!key) {
      throw new RequestError(404, 'This site has no signing key, so its receipts are unsigned. Its administrator sets GAUNTLET_SIGNING_KEY.');
    }
    return new Response(key.pem, { headers: { 'Content-Type': 'application/x-pem-file', 'Cache-Control': 'no-store' } });
  });
}
