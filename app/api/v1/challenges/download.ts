// A file that was made for this request, as an answer.
import type { ExportedFile } from '@/lib/grades/export';

export function download({ name, type, text }: ExportedFile): Response {
  return new Response(text, {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"`, 'Cache-Control': 'no-store' },
  });
}
