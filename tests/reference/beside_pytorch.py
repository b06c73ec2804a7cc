"""Attacks the reference CNN in PyTorch, with the parameters of the `beside-pytorch` protocol, and writes beside_pytorch.json.

python3 tests/reference/beside_pytorch.py      # needs torch and onnx; with torchattacks its figures are added
"""
import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
BASELINES = HERE.parents[1] / 'lib' / 'baselines'
sys.path.insert(0, str(BASELINES))
from fashion_mnist import fashion_mnist, unit  # noqa: E402

IMAGES = 1000
MODEL = 'reference-cnn.onnx'
LINF = {'kind': 'attack', 'norm': 'linf'}
TRIALS = [
    {'kind': 'clean'},
    {**LINF, 'attack': 'fgsm', 'epsilon': 0.1},
    {**LINF, 'attack': 'bim', 'epsilon': 0.1, 'stepSize': 0.01, 'steps': 10, 'count': 'last'},
    {**LINF, 'attack': 'mim', 'epsilon': 0.1, 'stepSize': 0.01, 'steps': 10, 'momentum': 1.0, 'randomStart': False, 'count': 'last'},
    {**LINF, 'attack': 'pgd', 'epsilon': 0.05, 'stepSize': 0.0125, 'steps': 20, 'randomStart': False, 'count': 'last'},
]


def reference_cnn():
    """The network of reference-cnn.onnx as a PyTorch module with the file's weights."""
    weights = {w.name: torch.from_numpy(onnx.numpy_helper.to_array(w).copy()) for w in onnx.load(BASELINES / MODEL).graph.initializer}
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10))
    for layer, name in ((0, 'conv1'), (3, 'conv2'), (7, 'fc1'), (9, 'fc2')):
        weight = weights[f'{name}.weight']
        model[layer].weight.data = weight.T.contiguous() if name.startswith('fc') else weight
        model[layer].bias.data = weights[f'{name}.bias']
    return model.eval()


def gradient(model, x, labels):
    """d(sum of cross-entropy)/dx. The loss is taken in float64, where confident images do not saturate (spec 2.4)."""
    x = x.clone().requires_grad_(True)
    loss = F.cross_entropy(model(x).double(), labels, reduction='sum')
    return torch.autograd.grad(loss, x)[0]


def attacked(model, x, labels, trial):
    """Adversarial examples of spec 2.1 without random start; FGSM is one step of epsilon."""
    epsilon = trial['epsilon']
    low, high = (x - epsilon).clamp(0, 1), (x + epsilon).clamp(0, 1)
    step = trial.get('stepSize', epsilon)
    momentum = torch.zeros_like(x)
    z = x
    for _ in range(trial.get('steps', 1)):
        direction = gradient(model, z, labels)
        if trial['attack'] == 'mim':
            norm = direction.abs().sum((1, 2, 3), keepdim=True)
            momentum = trial['momentum'] * momentum + torch.where(norm > 0, direction / norm, torch.zeros_like(direction))
            direction = momentum
        z = torch.min(torch.max(z + step * direction.sign(), low), high)
    return z


def by_torchattacks(model, x, labels, trial):
    import torchattacks
    steps = {'alpha': trial.get('stepSize'), 'steps': trial.get('steps')}
    attack = {
        'fgsm': lambda: torchattacks.FGSM(model, eps=trial['epsilon']),
        'bim': lambda: torchattacks.BIM(model, eps=trial['epsilon'], **steps),
        'mim': lambda: torchattacks.MIFGSM(model, eps=trial['epsilon'], decay=trial['momentum'], **steps),
        'pgd': lambda: torchattacks.PGD(model, eps=trial['epsilon'], random_start=False, **steps),
    }[trial['attack']]()
    return attack(x, labels)


def outcome(model, x, labels):
    with torch.no_grad():
        found = model(x).argmax(1)
    right = (found == labels).numpy()
    return {
        'total': len(labels), 'correct': int(right.sum()), 'accuracy': float(right.mean()),
        'correctBits': base64.b64encode(np.packbits(right, bitorder='little').tobytes()).decode(),
        'predictions': base64.b64encode(found.numpy().astype(np.uint8).tobytes()).decode(),
    }


def run(model, x, labels, attack):
    rows = []
    for trial in TRIALS:
        z = x if trial['kind'] == 'clean' else torch.cat(
            [attack(model, x[i:i + 100], labels[i:i + 100], trial) for i in range(0, len(x), 100)])
        assert float((z - x).abs().max()) <= trial.get('epsilon', 0) + 1e-6
        rows.append({**trial, **outcome(model, z, labels)})
        print(attack.__name__, trial.get('attack', 'clean'), rows[-1]['accuracy'], flush=True)
    return rows


if __name__ == '__main__':
    torch.set_num_threads(1)
    images, truth = fashion_mnist('test')
    x, labels = torch.from_numpy(unit(images[:IMAGES])), torch.from_numpy(truth[:IMAGES].astype(np.int64))
    model = reference_cnn()
    record = {'model': MODEL, 'images': {'split': 'test', 'first': IMAGES}, 'torch': torch.__version__,
              'trials': run(model, x, labels, attacked)}
    try:
        import torchattacks
        record['torchattacks'] = {'version': torchattacks.__version__, 'trials': run(model, x, labels, by_torchattacks)}
    except ImportError:
        print('No torchattacks here: its figures are left out.')
    (HERE / 'beside_pytorch.json').write_text(json.dumps(record, indent=1) + '\n')
