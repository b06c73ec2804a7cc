"""Writes the reference networks as ONNX with PyTorch's logits and input gradients beside each (see ../README.md).

Run with any PyTorch that has the TorchScript exporter, e.g. Debian's: python3 tests/reference/gradients/make_gradients.py [NAME...]
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / 'lib' / 'baselines'))
from fashion_mnist import fashion_mnist, unit  # noqa: E402
from models import MODELS, build  # noqa: E402

IMAGES = 4
OPSET = 17


def differentiate(model, x, labels, cotangent):
    """(logits, gradient of the summed cross-entropy, pullback of the cotangent), in the model's own precision, without oneDNN."""
    with torch.backends.mkldnn.flags(enabled=False):
        x = x.clone().requires_grad_(True)
        logits = model(x)
        gradient, = torch.autograd.grad(F.cross_entropy(logits, labels, reduction='sum'), x, retain_graph=True)
        pullback, = torch.autograd.grad(logits, x, cotangent)
    return logits.detach(), gradient, pullback


def relative(found, wanted):
    return float((found.double() - wanted).norm() / wanted.norm())


def packed(values):
    return values.detach().numpy().astype('<f4').tobytes().hex()


def make(name, x, labels):
    _, shape, exercises = MODELS[name]
    x = x.reshape(-1, *shape)
    for seed in range(100):
        model = build(name, seed)
        generator = torch.Generator().manual_seed(1000 + seed)
        cotangent = torch.randn(IMAGES, 10, generator=generator)
        single = differentiate(model, x, labels, cotangent)
        double = differentiate(model.double(), x.double(), labels, cotangent.double())
        # A seed that puts an activation within rounding of a kink would ask the impossible of float32: take the next.
        if max(relative(a, b) for a, b in zip(single, double)) < 3e-6:
            break
    else:
        raise SystemExit(f'{name}: no seed whose float32 gradients agree with float64')
    model.float()
    torch.onnx.export(
        model, x[:1], HERE / f'{name}.onnx', opset_version=OPSET, input_names=['x'], output_names=['logits'],
        dynamic_axes={'x': {0: 'batch'}, 'logits': {0: 'batch'}},
        # PRESERVE (of eval mode) keeps the batch norms, which EVAL would fold into the convolutions.
        training=torch.onnx.TrainingMode.PRESERVE)
    logits, gradient, pullback = double
    record = {
        'model': f'{name}.onnx', 'exercises': exercises, 'images': list(range(IMAGES)), 'labels': labels.tolist(),
        'logits': packed(logits), 'gradient': packed(gradient.reshape(IMAGES, 784)),
        'cotangent': packed(cotangent), 'pullback': packed(pullback.reshape(IMAGES, 784)),
    }
    (HERE / f'{name}.json').write_text(json.dumps(record, indent=1) + '\n')
    size = (HERE / f'{name}.onnx').stat().st_size
    print(f'{name:16} seed {seed}  {size / 1024:6.1f} KB  |gradient| {gradient.norm():.3g}  float32 off by '
          + ' '.join(f'{relative(a, b):.1e}' for a, b in zip(single, double)))


if __name__ == '__main__':
    torch.set_num_threads(1)
    images, labels = fashion_mnist('test')
    for name in sys.argv[1:] or MODELS:
        make(name, torch.from_numpy(unit(images[:IMAGES])), torch.from_numpy(labels[:IMAGES].astype(np.int64)))
