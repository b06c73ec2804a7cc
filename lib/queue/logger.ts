// The queue library's log lines in ours: its chatter at debug, its warnings and errors as they are.
import { Logger } from 'graphile-worker';
import { log } from '../log.ts';

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

export const queueLogger = new Logger((scope) => (level, message) => {
  log[levels[level]]({ queue: scope.label, job: scope.jobId, task: scope.taskIdentifier }, message);
});
