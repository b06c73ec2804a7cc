// GET ROT90.png and the like: a contact sheet of training images by a public seed, the same for everybody and for ever.
import { mixedSheet, perturbationSheet } from '@/lib/pictures/contact';

export async function GET(_: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  const kind = /^(\w+)\.png$/.exec((await params).name)?.[1] ?? '';
  const sheet = kind === 'mixed' ? await mixedSheet() : await perturbationSheet(kind);
  if (!sheet) return new Response('There is no such picture.', { status: 404 });
  return new Response(sheet.png, { headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' } });
}
