'use server';
// Importing a class list in two steps, and making the codes of its places. Each verb asks who may.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { makePlaceCodes, placeCodesCsv, removePlace, type PlaceCode } from '@/lib/challenges/places';
import { importRoster, previewRoster, type RosterPreview } from '@/lib/challenges/roster';
import { textOf } from '@/lib/challenges/roster-csv';
import { RequestError } from '@/lib/errors';
import { limits } from '@/lib/limits';

/** `csv` is the list as it was read, for the second step to send back. */
export type Previewed = { preview: RosterPreview; csv: string; fileName: string } | { failed: string } | null;

export async function preview(slug: string, _: Previewed, form: FormData): Promise<Previewed> {
  try {
    const file = form.get('file');
    if (!(file instanceof File) || file.size === 0) throw new RequestError(400, 'Choose the file of the class list.');
    if (file.size > 2 * limits.rosterBytes) throw new RequestError(400, `A class list has at most ${limits.rosterBytes / 1000} kB.`);
    const csv = textOf(new Uint8Array(await file.arrayBuffer()));
    return { preview: await previewRoster(await currentViewer(), slug, csv), csv, fileName: file.name };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}

export async function apply(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  return outcomeOf(async () => {
    const given = { digest: String(form.get('digest') ?? ''), removeMissing: form.get('removeMissing') !== null };
    const done = await importRoster(await currentViewer(), slug, String(form.get('csv') ?? ''), given);
    refresh();
    const claimed = done.claimed > 0 ? ` ${done.claimed} of them had a verified account already and have joined.` : '';
    return `Imported: ${done.added} added, ${done.changed} changed, ${done.removed} removed.${claimed}`;
  });
}

export type Codes = { codes: PlaceCode[]; csv: string } | { failed: string } | null;

export async function makeCodes(slug: string, placeId: string | undefined): Promise<Codes> {
  try {
    const codes = await makePlaceCodes(await currentViewer(), slug, placeId);
    return { codes, csv: placeCodesCsv(codes) };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}

export async function removeFromRoster(slug: string, placeId: string): Promise<Outcome> {
  return outcomeOf(async () => {
    await removePlace(await currentViewer(), slug, placeId);
    refresh();
    return 'Removed from the class list.';
  });
}
