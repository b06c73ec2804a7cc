"""Writes apgd.json: what AutoAttack's own APGD finds from a given start on two baselines (see ../README.md).

PYTHONPATH=AUTO_ATTACK python3 tests/reference/attacks/make_apgd.py      # a clone of fra31/auto-attack; needs torch and onnx
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from autoattack.autopgd_base import APGDAttack, APGDAttack_targeted
from make_attacks import fashion_mnist, packed, unit

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'attack_table'))
from networks import network  # noqa: E402

NETWORKS = ['linear', 'reference-cnn']
PIXELS, IMAGES, STEPS = 2, 48, 40
RADIUS = {'linf': 0.02, 'l2': 0.25}


def start(x, norm):
    """A checkerboard of both signs at the rim of the ball."""
    i, j = torch.meshgrid(torch.arange(28), torch.arange(28), indexing='ij')
    pattern = (1 - 2 * ((i + j) % 2)).float().reshape(1, 1, 28, 28)
    return (x + RADIUS[norm] * (pattern if norm == 'linf' else pattern / 28)).clamp(0, 1)


def run(model, x, y, norm, loss):
    options = {'norm': {'linf': 'Linf', 'l2': 'L2'}[norm], 'eps': RADIUS[norm], 'n_iter': STEPS, 'seed': 0, 'device': 'cpu'}
    kind = APGDAttack_targeted if loss == 'dlr-targeted' else APGDAttack
    attack = kind(model, **options)
    attack.loss = {'cross-entropy': 'ce'}.get(loss, loss)
    attack.init_hyperparam(x)
    if loss == 'dlr-targeted':
        attack.y_target = model(x).sort(dim=1)[1][:, -2]
    with torch.no_grad():
        best, right, value, _ = attack.attack_single_run(x, y, x_init=start(x, norm))
    return best, right, value


if __name__ == '__main__':
    torch.set_num_threads(1)
    images, labels = fashion_mnist('test')
    x = torch.from_numpy(unit(images[:100])).reshape(-1, 1, 28, 28)
    y = torch.from_numpy(labels[:100].astype(np.int64))
    record = {'steps': STEPS, 'radius': RADIUS, 'pixelsOf': PIXELS, 'networks': {}}
    for name in NETWORKS:
        model = network(name)
        # The first that the network gets right, since those are attacked.
        rows = torch.nonzero(model(x).argmax(1) == y).flatten()[:IMAGES]
        runs = []
        for norm in RADIUS:
            for loss in ['cross-entropy', 'dlr', 'dlr-targeted']:
                best, right, value = run(model, x[rows], y[rows], norm, loss)
                held = torch.nonzero(right).flatten()[:PIXELS]
                runs.append({'norm': norm, 'loss': loss, 'right': packed(right, np.uint8), 'value': packed(value, '<f4'),
                             'held': held.tolist(), 'pixels': packed(best[held].reshape(-1, 784), '<f4')})
                print(f'{name:8} {norm:4} {loss:14} {int(right.sum())} of {len(rows)} right')
        record['networks'][name] = {'rows': rows.tolist(), 'runs': runs}
    (HERE / 'apgd.json').write_text(json.dumps(record, indent=1) + '\n')
