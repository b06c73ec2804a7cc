// Under which name a row stands on a board, whose that is for those who may know, and for whom it is their own.
import { and, eq, inArray } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members, submissions } from '../db/schema.ts';
import type { Counted } from './counted.ts';

export type DisplayName = {
  /** The team's name, or the pseudonym, or else the account's name. */
  by: string;
  /** The account's name of who sent it, where `by` is another: told to staff and to themselves with their team, null for everybody else. */
  person: string | null;
  /** Whether it stands for the viewer, or for their team. */
  mine: boolean;
  /** Whether the viewer may open the submission's own page. */
  mayOpen: boolean;
};

/** The names of counted submissions of a challenge as the viewer may know them, by submission id. */
export async function displayNames(
  viewer: Viewer | null, challengeId: string, staff: boolean, rows: readonly Counted[],
): Promise<Map<string, DisplayName>> {
  const [senders, team] = await Promise.all([sendersOf(rows), teamOf(viewer, challengeId)]);
  return new Map(rows.map((row) => [row.submissionId, nameOf(row, senders.get(row.submissionId), { viewer, team, staff })]));
}

/** `sentFor` is the team it was sent for: a team also stands with what its members had sent before, which only they may open. */
type Sender = { pseudonym: string | null; sentFor: string | null };
type Who = { viewer: Viewer | null; team: string | null; staff: boolean };

function nameOf({ userId, teamId, teamName, by: name, baseline }: Counted, sender: Sender | undefined, { viewer, team, staff }: Who): DisplayName {
  if (baseline) return { by: name, person: null, mine: false, mayOpen: true };
  const by = teamName ?? sender?.pseudonym ?? name;
  const own = viewer?.id === userId;
  const mine = teamId ? teamId === team : own;
  const mate = team !== null && sender?.sentFor === team;
  return { by, person: by !== name && (staff || own || mine) ? name : null, mine, mayOpen: own || mate || staff };
}

async function sendersOf(rows: readonly Counted[]): Promise<Map<string, Sender>> {
  if (rows.length === 0) return new Map();
  const found = await database()
    .select({ id: submissions.id, sentFor: submissions.teamId, pseudonym: members.pseudonym })
    .from(submissions)
    .leftJoin(members, and(eq(members.challengeId, submissions.challengeId), eq(members.userId, submissions.userId)))
    .where(inArray(submissions.id, rows.map(({ submissionId }) => submissionId)));
  return new Map(found.map(({ id, ...sender }) => [id, sender]));
}

async function teamOf(viewer: Viewer | null, challengeId: string): Promise<string | null> {
  if (!viewer) return null;
  const [row] = await database()
    .select({ teamId: members.teamId })
    .from(members)
    .where(and(eq(members.challengeId, challengeId), eq(members.userId, viewer.id)));
  return row?.teamId ?? null;
}
