"""Writes attacks.json: adversarial pixels by torchattacks, in float32 and without random start, for two of the networks of
../gradients (see ../README.md).

python3 tests/reference/attacks/make_attacks.py      # needs torch, torchattacks and onnx
"""
import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torchattacks

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / 'lib' / 'baselines'), str(HERE.parent / 'gradients')]
from fashion_mnist import fashion_mnist, unit  # noqa: E402
from models import MODELS  # noqa: E402

NETWORKS = ['linear', 'cnn']
# Pixels are kept of the first, predictions of all.
PIXELS, IMAGES = 2, 64
EPSILON, STEP, STEPS, MOMENTUM = 0.06, 0.015, 7, 0.9
L2_EPSILON, L2_STEP = 0.5, 0.1
ATTACKS = {
    'fgsm': lambda model: torchattacks.FGSM(model, eps=EPSILON),
    'bim': lambda model: torchattacks.BIM(model, eps=EPSILON, alpha=STEP, steps=STEPS),
    'mim': lambda model: torchattacks.MIFGSM(model, eps=EPSILON, alpha=STEP, steps=STEPS, decay=MOMENTUM),
    'pgd': lambda model: torchattacks.PGD(model, eps=EPSILON, alpha=STEP, steps=STEPS, random_start=False),
    'pgd in l2': lambda model: torchattacks.PGDL2(model, eps=L2_EPSILON, alpha=L2_STEP, steps=STEPS, random_start=False),
}


def load(name):
    """The module of ../gradients/models.py with the weights of its ONNX file."""
    model = MODELS[name][0]()
    weights = {w.name: torch.from_numpy(onnx.numpy_helper.to_array(w).copy()) for w in onnx.load(HERE.parent / 'gradients' / f'{name}.onnx').graph.initializer}
    model.load_state_dict({key: weights[key] for key in model.state_dict()})
    return model.eval()


def packed(values, dtype):
    return base64.b64encode(values.detach().numpy().astype(dtype).tobytes()).decode()


if __name__ == '__main__':
    torch.set_num_threads(1)
    images, labels = fashion_mnist('test')
    x = torch.from_numpy(unit(images[:IMAGES])).reshape(-1, 1, 28, 28)
    y = torch.from_numpy(labels[:IMAGES].astype(np.int64))
    record = {
        'torchattacks': torchattacks.__version__, 'images': IMAGES, 'pixelsOf': PIXELS,
        'epsilon': EPSILON, 'stepSize': STEP, 'steps': STEPS, 'momentum': MOMENTUM, 'l2': {'epsilon': L2_EPSILON, 'stepSize': L2_STEP}, 'networks': {},
    }
    for name in NETWORKS:
        model = load(name)
        found = record['networks'][name] = {}
        for attack, make in ATTACKS.items():
            adversarial = make(model)(x, y)
            found[attack] = {'pixels': packed(adversarial[:PIXELS].reshape(PIXELS, 784), '<f4'), 'predictions': packed(model(adversarial).argmax(1), np.uint8)}
            print(f'{name:8} {attack:9} clean {int((model(x).argmax(1) == y).sum())} attacked {int((model(adversarial).argmax(1) == y).sum())}')
    (HERE / 'attacks.json').write_text(json.dumps(record, indent=1) + '\n')
