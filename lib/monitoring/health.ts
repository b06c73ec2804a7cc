// Whether the database answers, for whatever watches the site.
import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import { log } from '../log.ts';

export async function databaseAnswers(): Promise<boolean> {
  try {
    await database().execute(sql`select 1`);
    return true;
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'the database does not answer');
    return false;
  }
}
