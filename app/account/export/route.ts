// Everything that is stored of whoever asks, as a file.
import { exportAccount } from '@/lib/accounts/export';
import { requireScope } from '@/lib/auth/scopes';
import { viewerOf } from '@/lib/auth/session';
import { refusalOf, requestIdOf } from '../../api/v1/respond';

export async function GET(request: Request): Promise<Response> {
  try {
    const viewer = await viewerOf(request);
    requireScope(viewer, 'read');
    return new Response(JSON.stringify(await exportAccount(viewer), null, 2), {
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': 'attachment; filename="gauntlet-account.json"',
        'Cache-Control': 'private, no-store',
      },
    });
  } catch (error) {
    return refusalOf(error, requestIdOf(request));
  }
}
