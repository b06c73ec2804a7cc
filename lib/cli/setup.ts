// `gauntlet setup`: makes a course's database ready once: schema, an instructor's and an administrator's account, a challenge with its baselines.
import { Command, Option } from 'commander';
import { protocols } from '../evaluation/protocols.ts';
import type { Course } from './course.ts';

export function setupCommand(): Command {
  return new Command('setup')
    .description('make the database of DATABASE_URL ready for a course; what is there already stays')
    .requiredOption('--instructor <email>', 'address the instructor signs in with')
    .option('--name <name>', "the instructor's name", 'Instructor')
    .option('--administrator <email>', 'address of the person who runs the site; without it, /setup on the site asks for one')
    .option('--slug <slug>', "last part of the challenge's address", 'fashion-mnist')
    .option('--title <title>', "the challenge's title", 'FashionMNIST, perturbed')
    .addOption(new Option('--protocol <name>', 'what is measured').choices(Object.keys(protocols)).default('gauntlet-v1'))
    .option('--closes <time>', 'deadline with its zone, like 2027-01-31T23:59:00+01:00 (default: none)')
    .action(async (course: Course) => (await import('./course.ts')).setUpCourse(course));
}
