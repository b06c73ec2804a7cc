// `gauntlet backup` and `gauntlet restore`: the whole database as one file, and back.
import { Command } from 'commander';

export function backupCommand(): Command {
  return new Command('backup')
    .description('write the whole database of DATABASE_URL into a file, while the site runs')
    .argument('<file>', 'e.g. gauntlet-2027-01-31.backup; it holds password hashes, seeds and models')
    .action(async (file: string) => {
      const [{ databaseUrl }, { backup }] = await Promise.all([import('../db/client.ts'), import('../db/backup.ts')]);
      const { tables, bytes } = await backup(databaseUrl(), file);
      console.error(`${tables} tables, ${(bytes / 1e6).toFixed(1)} MB: ${file}`);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('fill the empty database of DATABASE_URL from a file that `gauntlet backup` wrote')
    .argument('<file>')
    .action(async (file: string) => {
      const [{ databaseUrl }, { restore }] = await Promise.all([import('../db/client.ts'), import('../db/restore.ts')]);
      const { tables } = await restore(databaseUrl(), file);
      console.error(`${tables} tables restored. Start the site and the workers with this DATABASE_URL.`);
    });
}
