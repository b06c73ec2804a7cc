// The order in which test files begin: those that take longest first, since whoever begins one last waits for it alone.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By what they start: a site and a browser, workers, programs, a class. Within these and after them as vitest would. */
const long = ['tests/e2e/', 'tests/authorisation/', 'tests/chaos/', 'tests/workers/', 'tests/cli/', 'tests/bench/class', 'tests/engines/conformance'];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((part) => moduleId.includes(part));
      return found < 0 ? long.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
