// What runs in the thread: finds FashionMNIST and makes one file. The site's own code is bundled, and may not perturb.
import { parentPort } from 'node:worker_threads';
import { findFashionMnist } from '../datasets/find.ts';
import { loadFashionMnist } from '../datasets/load.ts';
import { messageOf } from '../errors.ts';
import type { MakeReply, MakeRequest } from './kept.ts';
import { makeFile } from './make.ts';

async function reply({ recipe, format, path, home, directory }: MakeRequest): Promise<MakeReply> {
  try {
    return { made: await makeFile(recipe, format, await loadFashionMnist(await findFashionMnist({ home, directory })), path) };
  } catch (error) {
    return { error: error instanceof Error && error.stack ? error.stack : messageOf(error) };
  }
}

parentPort!.once('message', async (request: MakeRequest) => parentPort!.postMessage(await reply(request)));
