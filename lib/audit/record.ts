// Writes a privileged act into the audit log, in the transaction of the act itself: neither happens without the other.
import type { Viewer } from '../auth/viewer.ts';
import type { Transaction } from '../db/client.ts';
import { auditLog } from '../db/schema.ts';
import type { AuditAction } from './actions.ts';

/** The viewer of the command line and of the platform's own acts, which is nobody's account. */
export const operatorId = '00000000-0000-0000-0000-000000000000';

/** `subject` is what it was done to (an id, an address); `detail` what changed, without secrets. */
export type Act = { challengeId?: string; subject?: string; detail?: Record<string, unknown> };

export async function record(tx: Transaction, actor: Viewer, action: AuditAction, act: Act = {}): Promise<void> {
  await tx.insert(auditLog).values({ actorId: actor.id === operatorId ? null : actor.id, actorName: actor.name, action, ...act });
}
