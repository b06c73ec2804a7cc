// Makes tests/reference/exported/tfjs/saved: a model that TensorFlow.js itself built and saved, with its own answers.
// In a folder with `npm install @tensorflow/tfjs@4.22.0`: FASHION_MNIST_DIR=... node export_tfjs.mjs path/to/exported/tfjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const tf = createRequire(join(process.cwd(), 'index.js'))('@tensorflow/tfjs');
const folder = join(process.argv[2], 'saved');
const data = process.env.FASHION_MNIST_DIR ?? '/usr/share/datasets/fashion-mnist';
const read = (name, header) => gunzipSync(readFileSync(join(data, name))).subarray(header);

await tf.setBackend('cpu');
const pixels = Float32Array.from(read('t10k-images-idx3-ubyte.gz', 16).subarray(0, 4 * 784), (value) => value / 255);
const images = tf.tensor4d(pixels, [4, 28, 28, 1]);
const labels = [...read('t10k-labels-idx1-ubyte.gz', 8).subarray(0, 4)];

let seed = 1;
const init = () => tf.initializers.randomNormal({ mean: 0, stddev: 0.3, seed: seed++ });
const { layers } = tf;
const image = tf.input({ shape: [28, 28, 1], name: 'image' });
const own = () => ({ kernelInitializer: init(), biasInitializer: init() });
const conv = layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'hardSigmoid', ...own() });
const stem = layers.maxPooling2d({ poolSize: 2 }).apply(conv.apply(image));
const deep = layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthwiseInitializer: init() }).apply(stem);
const normal = layers.batchNormalization({ gammaInitializer: init(), betaInitializer: init(), movingMeanInitializer: init() }).apply(deep);
const sum = layers.add().apply([stem, layers.leakyReLU({ alpha: 0.2 }).apply(normal)]);
const up = layers.upSampling2d({ size: [2, 1] }).apply(layers.zeroPadding2d({ padding: [[0, 1], [1, 0]] }).apply(sum));
const apart = { depthwiseInitializer: init(), pointwiseInitializer: init() };
const mixed = layers.separableConv2d({ filters: 3, kernelSize: 3, strides: 2, activation: 'mish', ...apart }).apply(up);
const flat = layers.dropout({ rate: 0.5 }).apply(layers.flatten().apply(mixed));
const out = layers.dense({ units: 10, activation: 'softmax', ...own() }).apply(flat);
const model = tf.model({ inputs: image, outputs: out });

const loss = (x, classes) => tf.neg(tf.sum(tf.mul(tf.oneHot(classes, 10), tf.log(model.apply(x)))));
const packed = (tensor) => Buffer.from(Float32Array.from(tensor.dataSync()).buffer).toString('hex');
mkdirSync(folder, { recursive: true });
await model.save({
  save: async ({ modelTopology, weightSpecs, weightData, format, generatedBy }) => {
    const paths = ['model.weights.bin'];
    const json = { format, generatedBy, convertedBy: null, modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] };
    writeFileSync(join(folder, 'model.json'), JSON.stringify(json));
    writeFileSync(join(folder, paths[0]), Buffer.from(weightData));
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  },
});
// One image at a time: on a batch, TensorFlow.js 4.22 (cpu) gives a gradient of UpSampling2D that its finite differences refute.
const gradients = labels.map((_, i) => tf.grad((x) => loss(x, labels.slice(i, i + 1)))(images.slice(i, 1)));
const expected = { labels, output: packed(model.apply(images)), gradient: packed(tf.concat(gradients)) };
writeFileSync(join(folder, 'expected.json'), JSON.stringify(expected));
