// `npm run test:long`: ten thousand hostile inputs, led on by what code they reach, and models that sleep, spin and allocate.
// --count N --seed N --write (the figures into docs/reliability.md) --input FOLDER (one input again, as a failing run wrote it)
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { limits } from '../../lib/limits.ts';
import { writePart } from '../bench/document.ts';
import { campaign, readingFault, type Fault, type Tally } from './campaign.ts';
import type { Reader } from './sources.ts';
import { tried } from './hostile.ts';
import { startReaders } from './reading.ts';
import { summary } from './summary.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string' }, write: { type: 'boolean' }, input: { type: 'string' } },
});

/** A folder with the input's files as they were read, and what to do with it. */
async function keep({ number, input, what }: Fault): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-fuzz-'));
  const files = input.files.map(({ name, bytes }, i) => ({ name, file: `${i}.bin`, bytes }));
  for (const { file, bytes } of files) await writeFile(join(folder, file), bytes);
  const described = { reader: input.reader, files: files.map(({ name, file }) => ({ name, file })) };
  await writeFile(join(folder, 'input.json'), JSON.stringify(described));
  console.error(`\nInput ${number} (${input.format}, ${input.how}): ${what.slice(0, 2000)}\nAgain: npm run test:long -- --input ${folder}`);
}

async function again(folder: string): Promise<void> {
  if (!(await readdir(folder)).includes('input.json')) throw new Error(`${folder} holds no input.json; wanted a folder that a failing run wrote.`);
  const { reader, files } = JSON.parse(await readFile(join(folder, 'input.json'), 'utf8')) as { reader: Reader; files: { name: string; file: string }[] };
  const read = await Promise.all(files.map(async ({ name, file }) => ({ name, bytes: new Uint8Array(await readFile(join(folder, file))) })));
  const readers = startReaders({ seconds: limits.inspectSeconds });
  const reading = await readers.read({ reader, files: read });
  await readers.close();
  console.log(readingFault(reading) ?? 'Nothing is wrong with the answer:', JSON.stringify('reply' in reading && 'problem' in reading.reply ? reading.reply.problem : Object.keys(reading)));
}

async function whole(): Promise<void> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`Seed ${seed}: npm run test:long -- --seed ${seed} --count ${values.count}`);
  const progress = ({ inputs, faults, answers, covered }: Tally) => console.log(`${inputs} inputs, ${answers} different answers, ${covered} letters of code reached, ${faults.length} faults`);
  const tally = await campaign({
    count: Number(values.count), seed, seconds: limits.inspectSeconds, coverage: true, runEvery: 3, evaluateEvery: 30,
    onFault: (fault) => void keep(fault), onProgress: (found) => found.inputs % 500 === 0 && progress(found),
  });
  const hostile = await tried((line) => console.log(line));
  const text = summary(tally, hostile, seed);
  console.log(`\n${text}`);
  if (values.write) await writePart('reliability', 'fuzz', text);
  if (tally.faults.length > 0 || hostile.some(({ wrong }) => wrong)) process.exitCode = 1;
}

await (values.input ? again(values.input) : whole());
