// The process's log: JSON lines on standard error, so that a command's own output stays clean.
import pino from 'pino';
import { env } from './env.ts';

export const log = pino({ level: env().LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
