// Deletes content that nothing refers to any more.
import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { limits } from '../limits.ts';

/**
 * Deletes artifacts that no draft and no submission names and that no upload has met for a draft's lifetime (an upload
 * under way stores its artifacts before its draft). Returns how many.
 */
export async function collectArtifacts(): Promise<number> {
  const deleted = await database().execute(sql`
    delete from artifacts
    where used_at < now() - make_interval(hours => ${limits.draftHours})
      and not exists (
        select 1 from drafts
        where model_sha256 = artifacts.sha256 or files @> jsonb_build_array(jsonb_build_object('sha256', artifacts.sha256)))
      and not exists (
        select 1 from submissions
        where model_sha256 = artifacts.sha256 or files @> jsonb_build_array(jsonb_build_object('sha256', artifacts.sha256)))
    returning sha256`);
  return deleted.length;
}
