// Runs Gauntlet on this machine until Ctrl-C, and tells the person where to look.
import { messageOf } from '../errors.ts';
import { startGauntlet } from './start.ts';

const mode = process.argv[2] === 'dev' ? 'dev' : 'demo';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort());

try {
  const gauntlet = await startGauntlet({ mode, say: (line) => console.log(line), signal: interrupt.signal });
  interrupt.signal.addEventListener('abort', async () => {
    console.log('\nStopping: the worker finishes or hands back its work, then the database closes ...');
    await gauntlet.stop();
    process.exit(0);
  });
  gauntlet.onFailure(async (message) => {
    console.error(message);
    await gauntlet.stop();
    process.exit(1);
  });

  const accounts = gauntlet.accounts.map(({ role, email, password }) => `    ${role.padEnd(11)} ${email.padEnd(26)} ${password}`);
  console.log(
    [
      '',
      `  Gauntlet is at ${gauntlet.url}`,
      ...(accounts.length ? ['', '  Demo accounts (made for this installation):', ...accounts] : []),
      '',
      '  Models to upload: lib/baselines/*.onnx. Ctrl-C stops everything; nothing is lost.',
      '',
    ].join('\n'),
  );
} catch (error) {
  console.error(`Gauntlet could not start: ${messageOf(error)}`);
  process.exit(1);
}
