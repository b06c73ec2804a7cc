"""Averages the reference CNN over moved copies of test images in PyTorch, and writes tta.json.

python3 tests/reference/tta/make_tta.py      # needs torch and onnx
"""
import base64
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from beside_pytorch import MODEL, reference_cnn  # noqa: E402
from fashion_mnist import fashion_mnist, unit  # noqa: E402

IMAGES, GRADIENTS = 200, 2
# Train images that the copies of the first two test images are mixed with: one row a copy.
PARTNERS = [[0, 59999], [1234, 7], [31415, 27182]]


def rotated(x, degrees):
    """Bilinear with zero fill about the image's centre; grid_sample maps outputs to inputs, as spec 1.1 does."""
    a = math.radians(degrees)
    theta = torch.tensor([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0]], dtype=x.dtype).expand(len(x), 2, 3)
    return F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), mode='bilinear', padding_mode='zeros', align_corners=False)


def shifted(x, dx, dy):
    return F.pad(x, (1, 1, 1, 1))[:, :, 1 - dy:29 - dy, 1 - dx:29 - dx]


def turned(x):
    return [torch.rot90(x, k, (2, 3)) for k in range(4)]


POLICIES = {
    'hflip': lambda x: [x, x.flip(3)],
    'shift': lambda x: [shifted(x, dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1)],
    'rot': lambda x: [rotated(x, degrees) for degrees in (0, 5, -5, 10, -10)],
    'rot90': turned,
    'd4': lambda x: turned(x) + [copy.flip(3) for copy in turned(x)],
}


def mixed(x, train):
    """The image at 0.8 and one train image at 0.2, for each row of PARTNERS."""
    return [0.8 * x + 0.2 * train[partners] for partners in PARTNERS]


def log_mean(model, copies):
    """log of the mean probability over the copies."""
    each = torch.stack([F.log_softmax(model(copy), 1) for copy in copies])
    return torch.logsumexp(each, 0) - math.log(len(each))


def answer(model, copies_of, x, cotangent):
    x = x.clone().requires_grad_(True)
    logits = log_mean(model, copies_of(x))
    pullback, = torch.autograd.grad((logits * cotangent).sum(), x)
    return {'logits': encoded(logits.detach().numpy(), '<f4'), 'pullback': encoded(pullback.numpy(), '<f4')}


def encoded(values, kind):
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


if __name__ == '__main__':
    torch.set_num_threads(1)
    model = reference_cnn().double()
    x = torch.from_numpy(unit(fashion_mnist('test')[0][:IMAGES])).double()
    train = torch.from_numpy(unit(fashion_mnist('train')[0])).double()
    cotangent = torch.from_numpy(np.random.default_rng(1).standard_normal((GRADIENTS, 10)).astype('<f4')).double()
    record = {'model': MODEL, 'torch': torch.__version__, 'cotangent': encoded(cotangent.numpy(), '<f4'), 'policies': {}}
    for name, copies_of in POLICIES.items():
        with torch.no_grad():
            predictions = log_mean(model, copies_of(x)).argmax(1)
        record['policies'][name] = {**answer(model, copies_of, x[:GRADIENTS], cotangent), 'predictions': encoded(predictions.numpy(), np.uint8)}
    record['mixture'] = {'partners': PARTNERS, **answer(model, lambda z: mixed(z, train), x[:GRADIENTS], cotangent)}
    (HERE / 'tta.json').write_text(json.dumps(record, indent=1) + '\n')
