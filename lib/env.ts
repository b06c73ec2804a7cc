// The environment, parsed once. Nothing else reads process.env, and the sandboxed child never imports this.
import { z } from 'zod';

const schema = z.object({
  /** Postgres to use; without it the demo's embedded server writes its own address here. */
  DATABASE_URL: z.string().min(1).optional(),
  /** Password that `gauntlet worker-role` gives the role of evaluating workers; it makes one without it. */
  GAUNTLET_WORKER_PASSWORD: z.string().min(16, 'At least 16 characters: openssl rand -hex 16').optional(),
  /** Signs session tokens; at least 32 characters. The demo makes one per installation. */
  NEXTAUTH_SECRET: z.string().min(32).optional(),
  /** Public address of the site, e.g. https://gauntlet.example.org */
  NEXTAUTH_URL: z.url().optional(),
  /**
   * How many proxies of ours stand before the site, each adding to X-Forwarded-For whom it heard from. Without it: one where requests
   * come from this machine itself, else none.
   */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(9).optional(),
  /** Ed25519 private key, PEM or base64 of PKCS #8, that signs receipts; unsigned without it. The demo makes one per installation. */
  GAUNTLET_SIGNING_KEY: z.string().min(1).optional(),
  /** Folder with the four FashionMNIST files, gzipped or not. */
  FASHION_MNIST_DIR: z.string().min(1).optional(),
  /** Where the project keeps what it makes for this installation (data cache, embedded database, secrets). */
  GAUNTLET_HOME: z.string().min(1).optional(),
  /** Port of the site on this machine; the demo takes the next free one. */
  PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** Address of the site that the command line talks to, before the one that `gauntlet login` keeps. */
  GAUNTLET_URL: z.url().optional(),
  /** API token for that site, made on its account page. */
  GAUNTLET_TOKEN: z.string().min(1).optional(),
  /** Where this user's programs keep their settings; `gauntlet login` writes there. ~/.config without it. */
  XDG_CONFIG_HOME: z.string().min(1).optional(),
  /** OpenID Connect provider, e.g. https://login.university.example; it needs a client id and secret beside it. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What students call that provider: "Sign in with ...". */
  OIDC_NAME: z.string().min(1).max(40).default('University account'),
  /** An OAuth app of GitHub; both or neither. */
  GITHUB_CLIENT_ID: z.string().min(1).optional(),
  GITHUB_CLIENT_SECRET: z.string().min(1).optional(),
  /** `false`: accounts are made by the providers above alone; passwords that exist go on to sign in. */
  LOCAL_ACCOUNTS: z.enum(['true', 'false']).default('true').transform((value) => value === 'true'),
  /** Mail server that takes our mail, e.g. smtps://user:password@smtp.example.org; without it no mail is sent. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'It must be smtp://host:port or smtps://user:password@host' }).optional(),
  /** Sender of our mail, e.g. Gauntlet <gauntlet@example.org>; needed with SMTP_URL. */
  MAIL_FROM: z.string().regex(/@/, 'It must be an address, as in Gauntlet <gauntlet@example.org>').optional(),
  /** Bearer token that /api/metrics asks for; without it there are no metrics. */
  METRICS_TOKEN: z.string().min(16, 'At least 16 characters: openssl rand -hex 16').optional(),
  /** How long requests under way may go on when the site is asked to stop; less than whoever stops it waits before it insists. */
  DRAIN_SECONDS: z.coerce.number().min(0).max(3600).default(20),
  /** For tests: webhooks may go to this machine itself, and without TLS. */
  WEBHOOKS_TO_LOOPBACK: z.literal('allowed').optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

export type Environment = z.infer<typeof schema>;

let parsed: Environment | undefined;

/** The parsed environment. Throws an Error that names every variable that is wrong. */
export function env(): Environment {
  if (parsed) return parsed;
  const filled = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(filled);
  if (!result.success) throw new Error(`The environment is not usable:\n${z.prettifyError(result.error)}`);
  return (parsed = result.data);
}

/** The secret values among the environment's, for whoever must keep them out of a log: none shorter than 6 characters. */
export function secretsOfEnvironment(): string[] {
  const { DATABASE_URL, SMTP_URL, ...rest } = env();
  const passwords = [DATABASE_URL, SMTP_URL].flatMap((address) => {
    if (!address || !URL.canParse(address)) return [];
    const { password } = new URL(address);
    return [password, decodeURIComponent(password)];
  });
  const keys = [
    rest.NEXTAUTH_SECRET, rest.GAUNTLET_SIGNING_KEY, rest.GAUNTLET_TOKEN, rest.GAUNTLET_WORKER_PASSWORD, rest.METRICS_TOKEN,
    rest.OIDC_CLIENT_SECRET, rest.GITHUB_CLIENT_SECRET,
  ];
  return [...keys, ...passwords].filter((value) => value !== undefined && value.length >= 6) as string[];
}
