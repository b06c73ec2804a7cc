// The whole protocol: `gauntlet evaluate` beside the plain PyTorch script of tests/reference, the same trials on one thread each.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import type { ImageChoice, Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { settings } from './peer.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const [script, command, model] = ['../reference/whole_protocol.py', '../../lib/cli/gauntlet.mjs', '../../lib/baselines/reference-cnn.onnx'].map(here);
const run = promisify(execFile);

/** Runs a command and prints the processor time that it and all it started took. */
const timed = `import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)`;

/** The perturbations of the script. */
const kinds = [
  'rot90', 'flip', 'rotate', 'translate', 'scale', 'shear', 'crop', 'perspective', 'gaussian_blur', 'motion_blur',
  'gaussian_noise', 'shot_noise', 'impulse', 'brightness', 'contrast', 'erasing', 'stripe', 'pixelate',
];

/** Whether the script knows a trial. */
function isKnown(trial: Trial): boolean {
  if (trial.kind === 'perturbation' && !kinds.includes(trial.perturbation)) return false;
  if (trial.kind === 'attack') {
    const plain = ['fgsm', 'bim', 'mim', 'pgd'].includes(trial.attack) && trial.norm === 'linf' && !trial.tta;
    return plain && (!('count' in trial) || trial.count === 'last') && (!('restarts' in trial) || trial.restarts === 1);
  }
  if (trial.kind === 'probe' || (trial.kind === 'clean' && trial.tta)) return false;
  return !trial.tta || ['shift', 'sum'].includes(trial.tta.policy);
}

/** The protocol with the trials that the script knows, on one image in `share`. */
export function smaller(protocol: Protocol, share: number): Protocol {
  const fewer = (choice: ImageChoice): ImageChoice =>
    'size' in choice ? { ...choice, size: Math.round(choice.size / share) } : { ...choice, first: Math.round(choice.first / share) };
  const trials = protocol.trials.filter(isKnown).map((trial): Trial => ({ ...trial, ...(trial.images && { images: fewer(trial.images) }) }));
  return { ...protocol, images: fewer(protocol.images), trials };
}

/** Processor seconds of both sides, start-up included, and the mean accuracy over the trials that each found. */
type Whole = { ours: number; peers: Record<string, number>; accuracies: Record<string, number> };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Throws an Error that ends with what Python said when the script cannot run, for want of a package above all. */
export async function whole(python: string, share: number): Promise<{ found: Whole; trials: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'));
  try {
    const [protocolFile, resultFile] = [join(folder, 'protocol.json'), join(folder, 'result.json')];
    const protocol = smaller(protocols['gauntlet-v1'], share);
    await writeFile(protocolFile, JSON.stringify({ ...protocol, name: 'whole' }));
    const found: Whole = { ours: 0, peers: {}, accuracies: {} };
    for (const [name, variables] of Object.entries(settings)) {
      const env = { ...process.env, ...variables };
      const { stdout } = await run(python, [script, model, await findFashionMnist(), protocolFile], { env });
      const said = JSON.parse(stdout) as { seconds: number; accuracies: number[] };
      found.peers[name] = said.seconds;
      found.accuracies.PyTorch = mean(said.accuracies);
    }
    const asked = ['evaluate', model, '--protocol', protocolFile, '--seed', 'any', '--processes', '1', '--json', resultFile];
    found.ours = Number((await run(python, ['-c', timed, process.execPath, command, ...asked])).stdout);
    const { trials } = JSON.parse(await readFile(resultFile, 'utf8')) as { trials: { accuracy: number }[] };
    found.accuracies.Gauntlet = mean(trials.map(({ accuracy }) => accuracy));
    return { found, trials: protocol.trials.length };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One table: processor seconds of each side and how many times ours. */
export function wholeTable({ ours, peers, accuracies }: Whole): string {
  const points = (value: number) => `${(100 * value).toFixed(1)} %`;
  const lines = Object.entries(peers).map(
    ([name, seconds]) => `| PyTorch ${name} | ${seconds.toFixed(1)} | ${(seconds / ours).toFixed(2)} | ${points(accuracies.PyTorch)} |`,
  );
  const head = ['| whole protocol | processor seconds | x ours | mean accuracy |', '| --- | ---: | ---: | ---: |'];
  return [...head, `| Gauntlet | ${ours.toFixed(1)} | 1.00 | ${points(accuracies.Gauntlet)} |`, ...lines].join('\n');
}
