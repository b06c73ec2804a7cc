// Every endpoint there is. A new route is a contract in endpoints/ and a file under app/api/v1; a test holds the two together.
import type { Contract } from './contract.ts';
import * as challenges from './endpoints/challenges.ts';
import * as course from './endpoints/course.ts';
import * as platform from './endpoints/platform.ts';
import * as reevaluations from './endpoints/reevaluations.ts';
import * as submissions from './endpoints/submissions.ts';

export { challenges, course, platform, reevaluations, submissions };

const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** By path, reading before changing. */
export const contracts: readonly Contract[] = [challenges, submissions, course, reevaluations, platform]
  .flatMap((group) => Object.values(group) as Contract[])
  .sort((a, b) => a.path.localeCompare(b.path) || order.indexOf(a.method) - order.indexOf(b.method));
