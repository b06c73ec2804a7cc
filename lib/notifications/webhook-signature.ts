// Secrets and signatures of webhooks, as the Standard Webhooks specification has them (www.standardwebhooks.com).
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const secretBytes = 32;

/** A new secret, in the form that the libraries of that specification take. */
export const newWebhookSecret = (): string => prefix + randomBytes(secretBytes).toString('base64');

export type SignedMessage = { id: string; at: Date; body: string };

/** The three headers that a receiver checks a message by. The time is the attempt's, so that an old message is not taken again. */
export function signatureHeaders(secret: string, { id, at, body }: SignedMessage): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
