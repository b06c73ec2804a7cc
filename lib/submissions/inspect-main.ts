// What runs in the inspecting thread.
import { parentPort } from 'node:worker_threads';
import { replyTo } from './inspect-reply.ts';
import type { InspectRequest } from './inspect.ts';

// One request a thread: whatever an upload leaves behind is gone with it.
parentPort!.once('message', async (request: InspectRequest) => parentPort!.postMessage(await replyTo(request)));
