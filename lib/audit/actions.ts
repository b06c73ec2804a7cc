// Every privileged act that is written down, and how the audit log says it. A new act is a line here.

export const auditActions = {
  'challenge.create': 'opened the challenge',
  'challenge.deadline': 'moved the deadline',
  'phase.reveal': 'revealed the seed of a phase',
  'phase.final': 'entered what counts into the final phase',
  'grades.rule': 'changed the grading rule',
  'grades.export': 'exported grades',
  'board.export': 'exported the leaderboard with names',
} as const;

export type AuditAction = keyof typeof auditActions;
