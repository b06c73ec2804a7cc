// GET: the key that this site signs receipts with, its public half, as PEM.
import { platform } from '@/lib/api';
import { RequestError } from '@/lib/errors';
import { sitePublicKey } from '@/lib/evaluations/signing-key';
import { endpoint } from '../endpoint';

// Read when it is asked for: a build has no key.
export const dynamic = 'force-dynamic';

export const GET = endpoint(platform.publicKey, async () => {
  const key = sitePublicKey();
  if (!key) {
    throw new RequestError(404, 'This site has no signing key, so its receipts are unsigned. Its administrator sets GAUNTLET_SIGNING_KEY.');
  }
  return new Response(key.pem, { headers: { 'Content-Type': 'application/x-pem-file', 'Cache-Control': 'no-store' } });
});
