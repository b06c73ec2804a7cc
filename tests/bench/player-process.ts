// A player in a process of its own, so that two of them run side by side as evaluators do.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { decodeModel, encodeModel } from '../../lib/onnx/codec.ts';
import { pictures } from './pictures.ts';
import { openPlayer, type Kind, type Player } from './player.ts';

type Ask =
  | { do: 'open'; model: Uint8Array; batchSize?: number }
  | { do: 'rate'; kind: Kind; seconds: number }
  | { do: 'peak'; seconds: number };
type Answer = { value: unknown } | { error: string };

const file = fileURLToPath(import.meta.url);

/** Starts a process and returns the player in it. Its methods throw what went wrong there. */
export function startPlayer(): Player {
  const child = fork(file, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const ask = (request: Ask) =>
    new Promise<unknown>((resolve, reject) => {
      const died = () => reject(new Error('A process of the bench died.'));
      child.once('exit', died);
      child.once('message', (answer: Answer) => {
        child.off('exit', died);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.value);
      });
      child.send(request);
    });
  return {
    open: async (model, batchSize) => (await ask({ do: 'open', model: encodeModel(model), batchSize })) as { engine: string; batch: number },
    rate: async (kind, seconds) => (await ask({ do: 'rate', kind, seconds })) as number,
    peak: async (seconds) => (await ask({ do: 'peak', seconds })) as number,
    close: async () => child.disconnect(),
  };
}

async function answered(player: Player, ask: Ask): Promise<unknown> {
  if (ask.do === 'open') return player.open(decodeModel(ask.model), ask.batchSize);
  return ask.do === 'rate' ? player.rate(ask.kind, ask.seconds) : player.peak(ask.seconds);
}

if (process.send && process.argv[1] === file) {
  const player = pictures().then(openPlayer);
  process.on('message', (ask: Ask) => {
    player.then((own) => answered(own, ask)).then(
      (value) => process.send!({ value } satisfies Answer),
      (error: unknown) => process.send!({ error: String(error) } satisfies Answer),
    );
  });
}
