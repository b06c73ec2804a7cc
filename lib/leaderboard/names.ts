// Under which name a row stands on a board, whose that is for those who may know, and for whom it is their own.
import type { Viewer } from '../auth/viewer.ts';
import type { SharedRow } from './shared-rows.ts';

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

/** Who looks, with the team they are in and whether they are of the staff of this challenge. */
export type Who = { viewer: Viewer | null; team: string | null; staff: boolean };

/** Whether a row stands for the viewer, or for their team. */
export function isMine({ baseline, teamId, userId }: SharedRow, { viewer, team }: Who): boolean {
  if (baseline || !viewer) return false;
  return teamId ? teamId === team : viewer.id === userId;
}

/** Whether the viewer may know whose account is behind a name: staff, its owner, and whoever stands there with them. */
export function mayKnow(row: SharedRow, who: Who): boolean {
  return who.staff || who.viewer?.id === row.userId || isMine(row, who);
}

export function displayName(row: SharedRow, who: Who): DisplayName {
  const { by, account, baseline, userId, sentFor } = row;
  if (baseline) return { by, person: null, mine: false, mayOpen: true };
  const mate = who.team !== null && sentFor === who.team;
  return {
    by, person: by !== account && mayKnow(row, who) ? account : null, mine: isMine(row, who),
    mayOpen: who.viewer?.id === userId || mate || who.staff,
  };
}
