// Shape rules of convolutions, pools and other operators on [N, C, ...spatial].
import { transposedWindowsOf, windowsOf } from '../geometry.ts';
import { int, ints } from '../node.ts';
import { broadcast, input, integersAt, misfit, type Call, type ShapeRule } from './call.ts';

export const Conv: ShapeRule = (call) => {
  const { node } = call;
  const [x, w, bias] = [input(call, 0), input(call, 1), call.inputs[2]];
  const group = int(node, 'group', 1);
  const [to, from] = w.dims;
  if (x.dims.length < 3 || w.dims.length !== x.dims.length || x.dims[1] !== from * group || to % group !== 0) {
    throw misfit(call, `an image [N, C, ...] and a weight [M, C / group, ...] with group ${group}`);
  }
  if (bias && String(bias.dims) !== String([to])) throw misfit(call, `a bias [${to}]`);
  const { output } = windowsOf(node, x.dims.slice(2), kernelOf(call, w.dims.slice(2)));
  return [{ dims: [x.dims[0], to, ...output], type: x.type }];
};

export const ConvTranspose: ShapeRule = (call) => {
  const { node } = call;
  const [x, w, bias] = [input(call, 0), input(call, 1), call.inputs[2]];
  const to = (w.dims[1] ?? 0) * int(node, 'group', 1);
  if (x.dims.length < 3 || w.dims.length !== x.dims.length || x.dims[1] !== w.dims[0]) {
    throw misfit(call, 'an image [N, C, ...] and a weight [C, M / group, ...]');
  }
  if (bias && String(bias.dims) !== String([to])) throw misfit(call, `a bias [${to}]`);
  const { output } = transposedWindowsOf(node, x.dims.slice(2), kernelOf(call, w.dims.slice(2)));
  return [{ dims: [x.dims[0], to, ...output], type: x.type }];
};

function kernelOf(call: Call, fromWeight: readonly number[]): readonly number[] {
  const kernel = ints(call.node, 'kernel_shape') ?? fromWeight;
  if (String(kernel) !== String(fromWeight)) throw misfit(call, `a weight with the kernel_shape [${kernel}]`);
  return kernel;
}

const pool: ShapeRule = (call) => {
  const x = input(call);
  const kernel = ints(call.node, 'kernel_shape');
  if (!kernel || x.dims.length !== kernel.length + 2) throw misfit(call, 'an image [N, C, ...] and a kernel_shape of as many spatial axes');
  return [{ dims: [...x.dims.slice(0, 2), ...windowsOf(call.node, x.dims.slice(2), kernel).output], type: x.type }];
};

export const AveragePool = pool,
  LpPool = pool;

export const MaxPool: ShapeRule = (call) => {
  const [pooled] = pool(call);
  return [pooled, { dims: pooled.dims, type: 'int64' }];
};

export const MaxUnpool: ShapeRule = (call) => {
  const x = input(call);
  const asked = integersAt(call, 2);
  if (asked) return [{ dims: asked, type: x.type }];
  const kernel = ints(call.node, 'kernel_shape') ?? [];
  const strides = ints(call.node, 'strides') ?? kernel.map(() => 1);
  const pads = ints(call.node, 'pads') ?? [...kernel, ...kernel].map(() => 0);
  const spatial = x.dims.slice(2).map((size, axis) => (size - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + kernel.length]);
  return [{ dims: [...x.dims.slice(0, 2), ...spatial], type: x.type }];
};

const globalPool: ShapeRule = (call) => {
  const { dims, type } = input(call);
  if (dims.length < 3) throw misfit(call, 'an image [N, C, ...]');
  return [{ dims: dims.map((size, axis) => (axis < 2 ? size : 1)), type }];
};

export const GlobalAveragePool = globalPool,
  GlobalMaxPool = globalPool,
  GlobalLpPool = globalPool;

export const DepthToSpace: ShapeRule = (call) => {
  const [batch, channels, height, width] = image(call);
  const block = int(call.node, 'blocksize', 0);
  if (block < 1 || channels % (block * block) !== 0) throw misfit(call, 'channels that blocksize x blocksize divides');
  return [{ dims: [batch, channels / (block * block), height * block, width * block], type: input(call).type }];
};

export const SpaceToDepth: ShapeRule = (call) => {
  const [batch, channels, height, width] = image(call);
  const block = int(call.node, 'blocksize', 0);
  if (block < 1 || height % block !== 0 || width % block !== 0) throw misfit(call, 'a height and width that blocksize divides');
  return [{ dims: [batch, channels * block * block, height / block, width / block], type: input(call).type }];
};

function image(call: Call): readonly number[] {
  const { dims } = input(call);
  if (dims.length !== 4) throw misfit(call, 'an image [N, C, H, W]');
  return dims;
}

const perChannel =
  (parameters: number): ShapeRule =>
  (call) => {
    const { dims, type } = input(call);
    if (dims.length < 2) throw misfit(call, 'an input [N, C, ...] with channels');
    for (let i = 1; i <= parameters; i++) {
      if (String(input(call, i).dims) !== String([dims[1]])) throw misfit(call, `parameters of the channel count [${dims[1]}]`);
    }
    return [{ dims, type }];
  };

const normalised = perChannel(4);
export const InstanceNormalization = perChannel(2);

export const BatchNormalization: ShapeRule = (call) => {
  if (int(call.node, 'training_mode', 0) !== 0 || call.node.outputs.filter((name) => name !== '').length > 1) {
    throw misfit(call, 'inference mode (the model was exported in training mode: call model.eval() before the export)');
  }
  return normalised(call);
};

export const GroupNormalization: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const groups = int(call.node, 'num_groups', 0);
  if (dims.length < 3 || groups < 1 || dims[1] % groups !== 0) throw misfit(call, 'channels that num_groups divides');
  return [{ dims, type }];
};

export const LayerNormalization: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const axis = int(call.node, 'axis', -1);
  for (const parameter of [input(call, 1), call.inputs[2]]) {
    if (parameter && String(broadcast(dims, parameter.dims)) !== String(dims)) throw misfit(call, `a scale and a bias that broadcast to [${dims}]`);
  }
  const kept = dims.map((size, at) => (at < (axis < 0 ? axis + dims.length : axis) ? size : 1));
  return [
    { dims, type },
    { dims: kept, type },
    { dims: kept, type },
  ];
};

/** In inference a Dropout passes its input on. */
export const Dropout: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const training = integersAt(call, 2);
  if (training?.[0]) throw misfit(call, 'inference mode (the model was exported in training mode: call model.eval() before the export)');
  return [
    { dims, type },
    { dims, type: 'bool' },
  ];
};
