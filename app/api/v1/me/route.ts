// GET: who asks, and what the token may do.
import { platform } from '@/lib/api';
import { endpoint } from '../endpoint';

export const GET = endpoint(platform.me, async ({ viewer: { id, name, role, scopes } }) => ({ id, name, role, scopes: scopes ? [...scopes] : null }));
