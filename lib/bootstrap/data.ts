// Finds or fetches FashionMNIST ahead of the tests, so that a missing data set is one clear message and not many failures.
import { findFashionMnist } from '../datasets/find.ts';
import { messageOf } from '../errors.ts';

try {
  console.log(await findFashionMnist({}));
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
