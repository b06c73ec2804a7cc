// Makes lib/playground/training-images.ts: the first training images of FashionMNIST, which the site gives to everybody who tries a model.
// Run: npx tsx tests/reference/make_playground_images.ts
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zlibSync } from 'fflate';
import { joined } from '../../lib/bytes.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';

const count = 256;
const root = join(import.meta.dirname, '..', '..');

const directory = await findFashionMnist({ home: join(root, '.gauntlet'), directory: process.env.FASHION_MNIST_DIR });
const { train } = await loadFashionMnist(directory);
const packed = zlibSync(joined([train.labels.subarray(0, count), train.images.subarray(0, count * 784)]), { level: 9 });
const text = Buffer.from(packed).toString('hex');
await writeFile(
  join(root, 'lib', 'playground', 'training-images.ts'),
  `// Made by tests/reference/make_playground_images.ts: the first ${count} training images of FashionMNIST (Zalando, MIT licence), as
// ${count} labels, then ${count} x 784 gray levels, deflated, in hexadecimal.
export const imageCount = ${count};
export const packedImages =
  '${text}';
`,
);
