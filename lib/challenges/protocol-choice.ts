// Which protocol somebody means: a built-in one by its name, or one of their own as JSON; and what it would cost, before it is saved.
import { isDeepStrictEqual } from 'node:util';
import type { Viewer } from '../auth/viewer.ts';
import { RequestError, messageOf } from '../errors.ts';
import type { CostEstimate } from '../evaluation/cost.ts';
import type { Metric } from '../evaluation/outcomes.ts';
import { measurable } from '../evaluation/protocol-problems.ts';
import { protocols } from '../evaluation/protocols.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { checkProtocol } from './protocol.ts';
import { isStaff } from './standing.ts';

/** `own` is JSON text, read when `name` is `own`. */
export type ProtocolChoice = { name: string; own?: string };

/** What is shown of a protocol that could be chosen; costs are seconds of the reference CNN on one core. */
export type ProtocolPreview = {
  name: string;
  cost: CostEstimate;
  doubts: string[];
  /** The metrics that a board under it can be ranked by, the most usual first. */
  measurable: Metric[];
};

const mostCharacters = 500_000;

/** The protocol of a choice, not yet held against a metric. Throws RequestError 400 for an unknown name, and for JSON that is none. */
export function chosenProtocol({ name, own = '' }: ProtocolChoice): Protocol {
  const builtIn = Object.entries(protocols).find(([known]) => known === name)?.[1];
  if (builtIn) return builtIn;
  if (name !== 'own') {
    throw new RequestError(400, `There is no protocol "${name}". Choose ${Object.keys(protocols).join(', ')}, or give your own.`);
  }
  if (own.length > mostCharacters) {
    throw new RequestError(400, `The protocol has ${own.length} characters, and at most ${mostCharacters} are read.`);
  }
  const protocol = checkProtocol(json(own), null).protocol;
  const namesake = Object.values(protocols).find((known) => known.name === protocol.name);
  if (namesake && !isDeepStrictEqual(protocol, checkProtocol(namesake, null).protocol)) {
    const found = `"${protocol.name}" is the name of a built-in protocol, and this is another one.`;
    throw new RequestError(400, `${found} A changed protocol has a name of its own.`);
  }
  return protocol;
}

function json(text: string): unknown {
  if (text.trim() === '') throw new RequestError(400, 'Paste a protocol as JSON, or upload its file.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, `This is no JSON: ${messageOf(error)}.`, { cause: error });
  }
}

/** What a choice would cost and allow. For the staff of any challenge: RequestError 401, 403; 400 as chosenProtocol. */
export async function previewProtocol(viewer: Viewer | null, choice: ProtocolChoice): Promise<ProtocolPreview> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (!(await isStaff(viewer))) throw new RequestError(403, 'Only the staff of a challenge chooses protocols.');
  return previewOf(chosenProtocol(choice));
}

export function previewOf(protocol: Protocol): ProtocolPreview {
  const { cost, doubts } = checkProtocol(protocol, null);
  return { name: protocol.name, cost, doubts, measurable: measurable(protocol) };
}

/** The built-in protocols, as they are offered. */
export const builtInPreviews = (): ProtocolPreview[] => Object.values(protocols).map(previewOf);
