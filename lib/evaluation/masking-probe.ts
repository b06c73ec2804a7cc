// Masking checks of the model by itself: what the probe counted and what its graph holds, M5 to M8 and M11 (spec 2.8).
import type { Cell } from './cell.ts';
import type { Evidence, Finding } from './masking.ts';
import { attacksOf } from './masking-attacks.ts';
import { trialsOf } from './outcomes.ts';
import { needsGradient } from './trial.ts';
import { trialId } from './trial-id.ts';

/** A count of the probe, with the images it looked at; null where there is no probe, or it could not be asked. */
function probed({ protocol, cells }: Evidence, name: keyof Cell['diagnostics']): { rows: number; images: number } | null {
  for (const trial of trialsOf(protocol, 'probe')) {
    const cell = cells.get(trialId(trial));
    const rows = cell?.diagnostics[name];
    if (cell && typeof rows === 'number') return { rows, images: cell.total };
  }
  return null;
}

/** M5: nothing to follow, under the cross-entropy (by probe and attacks) or the DLR loss. */
export function zeroGradients(evidence: Evidence): Finding {
  const { cells } = evidence;
  const attacked = attacksOf(evidence).filter(needsGradient).map((trial) => cells.get(trialId(trial))!.diagnostics.zeroGradients ?? 0);
  const probe = probed(evidence, 'zeroGradients');
  const ofDlr = probed(evidence, 'zeroGradientsDlr');
  if (attacked.length === 0 && !probe) return null;
  const crossEntropy = Math.max(0, probe?.rows ?? 0, ...attacked);
  const dlr = ofDlr?.rows ?? 0;
  return {
    flagged: crossEntropy + dlr > 0,
    seen: { crossEntropy, dlr },
    sentence:
      `On ${crossEntropy} images the input gradient of the cross-entropy is exactly zero, and on ${dlr} that of the DLR loss: ` +
      'gradient attacks have nothing to follow there.',
  };
}

/** M6: other answers to equal questions. */
export function randomised(evidence: Evidence): Finding {
  const probe = probed(evidence, 'unequalAnswers');
  return probe && {
    flagged: probe.rows > 0,
    seen: { unequalAnswers: probe.rows, images: probe.images },
    sentence: `Five identical questions got different answers on ${probe.rows} of ${probe.images} images: the model draws random numbers itself.`,
  };
}

/** M7: outputs that saturate. */
export function probabilities(evidence: Evidence): Finding {
  const probe = probed(evidence, 'probabilities');
  return probe && {
    flagged: probe.rows === probe.images,
    seen: { probabilities: probe.rows, images: probe.images },
    sentence: 'The outputs are probabilities and not logits: they saturate, and the DLR loss means nothing on them.',
  };
}

/** M8: gradients that do not tell how the outputs change. */
export function dishonestGradient(evidence: Evidence): Finding {
  const wrong = probed(evidence, 'wrongGradients');
  const flat = probed(evidence, 'flatGradients');
  if (!wrong || !flat) return null;
  return {
    flagged: wrong.rows > wrong.images / 2 || flat.rows > 0,
    seen: { wrongGradients: wrong.rows, flatGradients: flat.rows, images: wrong.images },
    sentence:
      `On ${wrong.rows} of ${wrong.images} images the gradient does not foretell how the outputs change over a gray level, and on ` +
      `${flat.rows} it is zero although they do change: gradient attacks are misled.`,
  };
}

/** M11: operators that round, choose or draw. */
export function graphOperators({ report }: Evidence): Finding {
  if (!report?.maskingOperators) return null;
  const found = report.maskingOperators;
  return {
    flagged: found.length > 0,
    seen: { operators: found.length },
    sentence: `Between image and output the graph has ${found.join(', ')}: steps that hide gradients, or chance.`,
  };
}
