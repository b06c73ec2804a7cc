// What each masking check is told by, and what a student can do about it: beside the questions of lib/evaluation/masking.ts.
import type { CheckId } from '@/lib/evaluation/masking';

export const aboutChecks: Record<CheckId, { flagged: string; means: string; remedy: string }> = {
  M1: {
    flagged: 'Square leaves 0.2 points fewer images right than the best single gradient attack of that radius, and chance does not explain it.',
    means: 'Gradients should be a help to an attacker. When guessing finds more than following them, they lead away from the examples that exist.',
    remedy: 'Look for what breaks the gradient: hard thresholds, very steep or saturated activations, losses or temperatures that make logits huge.',
  },
  M2: {
    flagged: 'BIM, MIM or PGD leaves 0.5 points more right than FGSM, and chance does not explain it.',
    means: 'Many small steps can do everything that one large step does. When they find less, the surface is so bent that each gradient is of use only where it was taken.',
    remedy: 'Typical of training on FGSM examples alone (catastrophic overfitting). Train on PGD with a few steps and a random start.',
  },
  M3: {
    flagged: 'The worst case is 0.5 points higher at a larger radius, or more than 10 % + 3 standard errors stay right at a radius of at least 0.5.',
    means: 'A larger ball contains the smaller one, and at radius 0.5 any image can become plain gray: no honest model survives that.',
    remedy: 'The attacks are being stopped by something else than robustness: zero gradients, non-finite values, a discontinuity.',
  },
  M4: {
    flagged: 'At least twice the steps or restarts find more than 1 point more.',
    means: 'The attacks of the protocol had not finished: the true robust accuracy is lower than the figure shown.',
    remedy: 'Nothing need be wrong with your model. Do not rely on the exact figure, and compare with models without this flag carefully.',
  },
  M5: {
    flagged: 'Any image that is classified right has a gradient of the cross-entropy or of the DLR loss that is zero everywhere.',
    means: 'There is nothing to follow, so gradient attacks stand still on such an image and count it as robust.',
    remedy: 'Dead units, saturation or integer arithmetic. Scale the logits down, avoid hard clipping between image and logits.',
  },
  M6: {
    flagged: 'In five identical calls the logits of an image, divided by their length, move by more than 10⁻⁴.',
    means: 'A model that draws random numbers gives attacks a moving target: what fools it once may not a second later.',
    remedy: 'Call model.eval() before the export. Randomness belongs into a declared test-time augmentation policy, where it is attacked properly.',
  },
  M7: {
    flagged: 'Every output is a probability vector although no final softmax could be cut off.',
    means: 'Probabilities saturate at 0 and 1 in float32, and with them the gradients of every loss.',
    remedy: 'Return the logits: leave the softmax out of forward(), and use CrossEntropyLoss or from_logits=True in training.',
  },
  M8: {
    flagged: 'For more than half of the images finite differences disagree with the gradient in more than half, or a gradient is zero where the margin changes.',
    means: 'The gradient that the graph gives is not that of the function it computes, so an attack climbs another hill.',
    remedy: 'Straight-through estimators, custom gradients or very stiff activations do this. Replace them by something smooth.',
  },
  M9: {
    flagged: 'Examples made on the reference CNN leave fewer right than the model’s own gradients, and chance does not explain it.',
    means: 'Nobody should know better how to fool a model than its own gradient. A foreign one does, so the own one hides the way.',
    remedy: 'As for M1.',
  },
  M10: {
    flagged: 'One random point of the ball leaves fewer right than the own gradients, and chance does not explain it.',
    means: 'The attacks did worse than rolling dice.',
    remedy: 'As for M1; look for outputs that are not finite first.',
  },
  M11: {
    flagged:
      'Between pixels and logits stand Round, Floor, Ceil, Sign, ArgMax, quantising, casts to integers or the like; or there are random operators anywhere.',
    means: 'Such steps have no useful gradient: attacks see a flat function. Nothing is measured for this, the graph is only read.',
    remedy: 'Take preprocessing that rounds out of the model, and quantise after the challenge and not before.',
  },
};
