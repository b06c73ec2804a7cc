// The process's log: JSON lines on standard error, so that a command's own output stays clean, and never a secret in them.
import { AsyncLocalStorage } from 'node:async_hooks';
import pino, { type DestinationStream } from 'pino';
import { env, secretsOfEnvironment } from './env.ts';
import { withoutSecretFields, withoutSecrets } from './redact.ts';

/** What every line says that is written meanwhile. */
export type LogContext = { requestId?: string; job?: string; task?: string; evaluation?: string; shard?: string };

const context = new AsyncLocalStorage<LogContext>();

/** Runs something whose log lines, and those of all it awaits, carry the context; an outer context's fields stay. */
export function withLogContext<T>(fields: LogContext, run: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, run);
}

/** The context that lines written now carry. */
export function logContext(): Readonly<LogContext> {
  return context.getStore() ?? {};
}

/** A log into a stream of the caller's; the process has one already, `log`. */
export function logInto(stream: DestinationStream): pino.Logger {
  const secrets = secretsOfEnvironment();
  return pino(
    {
      level: env().LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => ({ ...logContext() }),
      // Fields by their names here, and what any text repeats of a secret once the line is whole.
      formatters: { log: withoutSecretFields },
      hooks: { streamWrite: (line) => withoutSecrets(line, secrets) },
    },
    stream,
  );
}

export const log = logInto(pino.destination({ fd: 2, sync: true }));
