// Hears what the database tells the site, at the moment of the commit, so that it is known how much later a browser heard it.
import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import type { Record } from './record.ts';

export type Ear = {
  /** An event has arrived at that moment (performance.now): counted from the first commit that it can be about. */
  heard(kind: string, at: number): void;
  /** What has been told up to now needs no event. */
  ignore(): void;
  /** The commits that whoever renders now will see and has not seen before. */
  seen(): number[];
};
export type News = { /** Of a submission by its id, of the board by the challenge's address. */ ear(about: string): Ear; stop(): Promise<void> };

/** Two processes hear of one commit: which is first within this many milliseconds says nothing. */
const slack = 25;

export async function listenToNews(databaseUrl: string, board: { challengeId: string; slug: string }, record: Record): Promise<News> {
  const commits = new Map<string, number[]>();
  const note = (about: string) => {
    const all = commits.get(about) ?? commits.set(about, []).get(about)!;
    all.push(performance.now());
  };
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  await client.listen('gauntlet_board', (id) => {
    if (id === board.challengeId) note(board.slug);
  });
  await client.listen('gauntlet_progress', (payload) => note((JSON.parse(payload) as { submissionId: string }).submissionId));

  function earOf(about: string): Ear {
    const all = () => commits.get(about) ?? [];
    let told = all().length;
    let shown = told;
    return {
      async heard(kind, at) {
        await wait(slack);
        const first = all()[told];
        const now = all().findIndex((commit) => commit > at + slack);
        told = now < 0 ? all().length : now;
        if (first !== undefined && first <= at + slack) record.took(kind, Math.max(0, at - first));
      },
      ignore() {
        told = shown = all().length;
      },
      seen() {
        const fresh = all().slice(shown);
        shown = all().length;
        return fresh;
      },
    };
  }
  return { ear: earOf, stop: () => client.end({ timeout: 5 }) };
}
