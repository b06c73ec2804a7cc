// The table of layers, keyed by Keras class name. A layer that is not here is refused by its name.
import * as activations from './activations.ts';
import type { LayerFunction } from './call.ts';
import * as convolution from './convolution.ts';
import * as linear from './linear.ts';
import * as merge from './merge.ts';
import * as normalisation from './normalisation.ts';
import { Rescaling, untouched } from './pointwise.ts';
import * as pooling from './pooling.ts';
import * as shape from './shape.ts';

const { Activation, ReLU, LeakyReLU, ELU, PReLU, ThresholdedReLU, Softmax } = activations;
const { Add, Multiply, Subtract, Average, Maximum, Minimum, Concatenate } = merge;
const { Conv2D, DepthwiseConv2D, SeparableConv2D, Conv2DTranspose } = convolution;

export const layers = {
  Activation, ReLU, LeakyReLU, ELU, PReLU, ThresholdedReLU, Softmax,
  Conv2D, DepthwiseConv2D, SeparableConv2D, Conv2DTranspose,
  ...linear, Add, Multiply, Subtract, Average, Maximum, Minimum, Concatenate, ...normalisation, ...pooling, ...shape, Rescaling,
} satisfies Record<string, LayerFunction>;

/** Layers that act while training only; their options, whatever they are, change no answer. */
export const trainingLayers = [
  'Dropout', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'ActivityRegularization',
  'RandomFlip', 'RandomRotation', 'RandomTranslation', 'RandomZoom', 'RandomContrast', 'RandomBrightness', 'RandomErasing',
  'RandomShear', 'RandomSharpness', 'RandomGaussianBlur', 'RandomInvert', 'RandomPerspective', 'RandomPosterization',
] as const;

/** The function of a class, and whether its options matter; undefined for a class that is not known. */
export function layerOf(className: string): { write: LayerFunction; options: boolean } | undefined {
  if (Object.hasOwn(layers, className)) return { write: layers[className as keyof typeof layers], options: true };
  if ((trainingLayers as readonly string[]).includes(className)) return { write: untouched, options: false };
  return undefined;
}
