// How many of a thing may be under way at once, over all web processes: each holds a slot in the database and says now and then that it
// still does, so that what died with its process is in nobody's way for long.
import { rawSql } from '../db/client.ts';

/** A slot whose holder has been silent for so long is free again. */
export const heldSeconds = 30;

export type Slot = { release(): Promise<void> };

/** Takes one of the `most` slots of a name; null when all are held. */
export async function takeSlot(name: string, most: number): Promise<Slot | null> {
  const key = await freeSlot(name, most);
  if (key === null) return null;
  const held = setInterval(() => void hold(key).catch(() => {}), (heldSeconds * 1000) / 3);
  return {
    async release() {
      clearInterval(held);
      await rawSql()`delete from rate_limits where key = ${key}`;
    },
  };
}

const hold = (key: string) => rawSql()`update rate_limits set ends_at = now() + make_interval(secs => ${heldSeconds}) where key = ${key}`;

async function freeSlot(name: string, most: number): Promise<string | null> {
  for (;;) {
    // Any of them: hundreds that come at one moment would all try the first.
    const [free] = await rawSql()<{ key: string }[]>`
      select slot.key from (select ${name} || ' slot ' || i as key, i from generate_series(1, ${most}::int) as i) as slot
      left join rate_limits as held on held.key = slot.key and held.ends_at > now()
      where held.key is null order by random() limit 1`;
    if (!free) return null;
    const [taken] = await rawSql()<{ key: string }[]>`
      insert into rate_limits as held (key, used, ends_at) values (${free.key}, 1, now() + make_interval(secs => ${heldSeconds}))
      on conflict (key) do update set ends_at = excluded.ends_at where held.ends_at <= now()
      returning key`;
    // Else somebody was quicker: one more is held now, so this ends.
    if (taken) return taken.key;
  }
}
