// News that Postgres tells (NOTIFY): one LISTEN a channel for the whole process, which also outlives the loss of its connection.
import type { Sql } from 'postgres';
import { log } from '../log.ts';
import { messageOf } from '../errors.ts';
import { afterRenewal, rawSql } from './client.ts';

/**
 * `hear` gets each payload, and null when it listens anew, since whatever was told meanwhile went unheard. What is returned starts
 * listening and resolves once it does, at once where it does already: for everybody who begins to watch.
 */
export function newsOf(channel: string, hear: (payload: string | null) => void): () => Promise<void> {
  let held: { client: Sql; started: Promise<unknown> } | undefined;
  let before = false;

  const begin = (client: Sql): Promise<unknown> => {
    // postgres.js subscribes again by itself after a lost connection, and says so.
    const started = client.listen(channel, hear, () => {
      if (before) hear(null);
      before = true;
    });
    held = { client, started };
    started.catch(() => {
      if (held?.started === started) held = undefined;
    });
    return started;
  };
  afterRenewal(() => {
    if (before) begin(rawSql()).catch((error: unknown) => log.warn({ channel, error: messageOf(error) }, 'not listening yet'));
  });
  return async () => {
    const client = rawSql();
    await (held?.client === client ? held.started : begin(client));
  };
}
