// Every hostile file that is kept: each is read as the site reads it, and answered in the words that it has.
import { afterAll, expect, test } from 'vitest';
import { corpus } from './corpus.ts';
import { readingFault } from './campaign.ts';
import { startReaders, type Reading } from './reading.ts';

const readers = startReaders({ seconds: 30 });
afterAll(() => readers.close());

function said(reading: Reading): string {
  if ('limit' in reading) return `limit: ${reading.limit}`;
  const { reply } = reading;
  if ('problem' in reply) return `${reply.problem.code}: ${reply.problem.found}`;
  return 'report' in reply ? 'taken' : 'words' in reply ? reply.words : 'read' in reply ? `read: ${reply.read}` : reply.error;
}

test.each(Object.entries(corpus))('%s', async (_, { files, says, reader = 'upload' }) => {
  const reading = await readers.read({ reader, files: files() });
  expect(readingFault(reading)).toBeNull();
  expect(said(reading)).toMatch(says);
}, 60_000);
