// The order in which test files begin: those that take longest first, since whoever begins one last waits for it alone.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By what they start: a site and a browser, workers, programs, a class. Within these and after them as vitest would. */
const long = [
  'tests/e2e/pages', 'tests/authorisation/', 'tests/e2e/submission', 'tests/e2e/course', 'tests/chaos/chaos', 'tests/workers/kill', 'tests/e2e/',
  'tests/workers/blame', 'tests/cli/formats', 'tests/cli/evaluate', 'tests/chaos/', 'tests/workers/', 'tests/cli/', 'tests/bootstrap/', 'tests/bench/class',
  'tests/fuzz/', 'tests/engines/',
];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      const found = long.findIndex((part) => moduleId.includes(part));
      // Those that share processes come last, one after the other: whatever came between would end the process that they share.
      return (found < 0 ? long.length : found) + (project.config.isolate ? 0 : long.length + 1);
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
