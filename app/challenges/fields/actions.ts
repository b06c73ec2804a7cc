'use server';
// What the fields of a challenge ask the server while they are filled in.
import { currentViewer } from '@/lib/auth/session';
import { previewProtocol, type ProtocolPreview } from '@/lib/challenges/protocol-choice';
import { RequestError } from '@/lib/errors';

export async function checkOwnProtocol(own: string): Promise<{ preview: ProtocolPreview } | { failed: string }> {
  try {
    return { preview: await previewProtocol(await currentViewer(), { name: 'own', own: String(own) }) };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}
