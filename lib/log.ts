// The process's log: JSON lines on standard error, so that a command's own output stays clean.
import pino from 'pino';
import { env } from './env.ts';

const settings = { level: env().LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime };

export const log = pino(settings, pino.destination({ fd: 2, sync: true }));
