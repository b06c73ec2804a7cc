// Deletes content that nothing refers to any more.
import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { limits } from '../limits.ts';

/**
 * Deletes artifacts that no draft and no submission that still has its files names and that no upload has met for a draft's lifetime
 * (an upload under way stores its artifacts before its draft). Returns how many.
 */
export async function collectArtifacts(): Promise<number> {
  const deleted = await database().execute(sql`
    with named (sha256) as (
      select model_sha256 from drafts where model_sha256 is not null
      union select file ->> 'sha256' from drafts, jsonb_array_elements(files) as file
      union select stored_model from submissions where stored_model is not null
      union select file ->> 'sha256' from submissions, jsonb_array_elements(files) as file where files_deleted_at is null
    )
    delete from artifacts
    where used_at < now() - make_interval(hours => ${limits.draftHours})
      and not exists (select 1 from named where named.sha256 = artifacts.sha256)
    returning sha256`);
  return deleted.length;
}
