// What runs in the thread: loads FashionMNIST once, then answers one request after the other.
import { parentPort } from 'node:worker_threads';
import { findFashionMnist } from '../datasets/find.ts';
import { loadFashionMnist } from '../datasets/load.ts';
import { messageOf } from '../errors.ts';
import type { PicturesReply, PicturesRequest } from './pictures.ts';
import { regenerate } from './regenerate.ts';

const found = new Map<string, Promise<string>>();

/** Where the data are; looked for once, and again only after a failure. */
function folderOf(home: string, directory?: string): Promise<string> {
  const name = `${home}\n${directory ?? ''}`;
  const folder = found.get(name) ?? findFashionMnist({ home, directory });
  found.set(name, folder);
  folder.catch(() => found.delete(name));
  return folder;
}

async function reply({ ticket, home, directory, wanted }: PicturesRequest): Promise<PicturesReply> {
  try {
    const dataset = await loadFashionMnist(await folderOf(home, directory));
    return { ticket, pictures: wanted.map((one) => regenerate(one, dataset)) };
  } catch (error) {
    return { ticket, error: messageOf(error) };
  }
}

parentPort!.on('message', async (request: PicturesRequest) => parentPort!.postMessage(await reply(request)));
