"""Exports small untrained models with PyTorch, as students would, and notes what PyTorch itself computes for them.

Made tests/reference/exported/pytorch/. Run once with an old and once with a new PyTorch (they use different exporters):
    python3 tests/reference/export_pytorch.py tests/reference/exported/pytorch
Files are named <exporter>-<model>.onnx; expected.json maps each to the shape of its `input`, to its `logits` [2, 10] on the two images of
`images()`, and to its `gradient` [2, 784]: d(sum of cross-entropy with the classes 0 and 1)/d(pixel), little-endian float32 in hexadecimal.
"""
import json
import os
import sys
import warnings

import torch
from torch import nn

warnings.filterwarnings('ignore')


def images():
    """Two images [2, 784] with values in [0, 1), the same in the TypeScript test."""
    index = torch.arange(2 * 784, dtype=torch.float64)
    return ((index * 37 % 101) / 101).float().reshape(2, 784)


class Block(nn.Module):
    def __init__(self, come, go, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(come, go, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(go)
        self.conv2 = nn.Conv2d(go, go, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(go)
        self.short = nn.Sequential()
        if stride != 1 or come != go:
            self.short = nn.Sequential(nn.Conv2d(come, go, 1, stride, bias=False), nn.BatchNorm2d(go))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.short(x))


class ViewNet(nn.Module):
    """x.view(x.size(0), -1), functional pooling and log_softmax: the form of the PyTorch tutorials."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=2)
        self.fc = nn.Linear(4 * 6 * 6, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv(x)), 2)
        x = x.view(x.size(0), -1)
        return nn.functional.log_softmax(self.fc(x), dim=1)


class ChannelsLast(nn.Module):
    """[N, 28, 28, 1] in, probabilities out."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 4, 3, 2), nn.SiLU(), nn.AvgPool2d(6), nn.Flatten(), nn.Linear(16, 10))

    def forward(self, x):
        return torch.softmax(self.net(x.permute(0, 3, 1, 2)), dim=-1)


class Transformer(nn.Module):
    """[N, 28, 28] in: the rows of the image as tokens of PyTorch's own encoder layer."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(28, 8)
        self.encoder = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, activation='gelu', norm_first=True)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x)).mean(1))


class Recurrent(nn.Module):
    """[N, 28, 28] in: the rows of the image as a sequence."""

    def __init__(self, kind, **options):
        super().__init__()
        self.rnn = kind(28, 6, batch_first=True, **options)
        self.head = nn.LazyLinear(10)
        self(torch.zeros(1, 28, 28))

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 5, 3)
        self.group = nn.GroupNorm(3, 6)
        self.instance = nn.InstanceNorm2d(6, affine=True)
        self.local = nn.LocalResponseNorm(3)
        self.up = nn.Upsample(scale_factor=2, mode='bilinear')
        self.head = nn.Linear(96, 10)

    def forward(self, x):
        x = self.local(self.instance(nn.functional.silu(self.group(self.conv(x)))))
        return self.head(nn.functional.avg_pool2d(self.up(x), 4).flatten(1))


class SpatialTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.find = nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(49, 6))
        self.see = nn.Sequential(nn.Conv2d(1, 2, 5, 4), nn.ReLU(), nn.Flatten(), nn.Linear(72, 10))

    def forward(self, x):
        grid = nn.functional.affine_grid(self.find(x).view(-1, 2, 3), x.size(), align_corners=False)
        return self.see(nn.functional.grid_sample(x, grid, align_corners=False))


class Causal(nn.Module):
    """[N, 28, 28] in: rows that see the rows above them, by PyTorch's fused attention."""

    def __init__(self):
        super().__init__()
        self.project = nn.Linear(28, 24)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        q, k, v = self.project(x).view(-1, 28, 3, 2, 4).permute(2, 0, 3, 1, 4)
        seen = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.head(seen.permute(0, 2, 1, 3).flatten(2).mean(1))


class Antialiased(nn.Module):
    """Enlarged and reduced with antialiasing, as torchvision's Resize does."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 10))

    def forward(self, x):
        x = nn.functional.interpolate(x, size=(19, 33), mode='bicubic', antialias=True)
        return self.net(nn.functional.interpolate(x, size=(8, 8), mode='bilinear', antialias=True))


def newer():
    """What only a newer PyTorch exports: name -> (model, input shape, options of its exporter)"""
    yield 'transformer', Transformer(), (28, 28), {}
    yield 'transformer-opset23', Transformer(), (28, 28), {'opset_version': 23}
    yield 'lstm', Recurrent(nn.LSTM), (28, 28), {}
    yield 'gru', Recurrent(nn.GRU, bidirectional=True), (28, 28), {}
    yield 'norms', Norms(), (1, 28, 28), {}
    yield 'norms-opset21', Norms(), (1, 28, 28), {'opset_version': 21}
    yield 'norms-double', Norms().double(), (1, 28, 28), {}
    yield 'view-half', ViewNet().half(), (1, 28, 28), {}
    yield 'spatial-transformer', SpatialTransformer(), (1, 28, 28), {'opset_version': 20}
    yield 'causal', Causal(), (28, 28), {}
    yield 'causal-opset23', Causal(), (28, 28), {'opset_version': 23}
    yield 'antialiased', Antialiased(), (1, 28, 28), {'opset_version': 18}


def models():
    """name -> (model, input shape without the batch)"""
    yield 'linear', nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 10)), (1, 28, 28)
    yield 'mlp', nn.Sequential(nn.Linear(784, 2), nn.BatchNorm1d(2), nn.GELU(), nn.Dropout(), nn.Linear(2, 10)), (784,)
    yield 'cnn', nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.1), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.Dropout2d(),
        nn.Flatten(), nn.Linear(4 * 8 * 8, 10)), (1, 28, 28)
    yield 'resnet', nn.Sequential(
        nn.Conv2d(1, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), Block(4, 4, 1), Block(4, 8, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)), (1, 28, 28)
    yield 'view', ViewNet(), (1, 28, 28)
    yield 'channels-last', ChannelsLast(), (28, 28, 1)


def settle(model):
    """Gives batch norms statistics other than 0 and 1."""
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
    return model.eval()


def variants(name):
    """Ways to export: suffix -> arguments of torch.onnx.export. The batch is dynamic unless the suffix says fixed."""
    dynamic = {'input_names': ['input'], 'output_names': ['output'], 'dynamic_axes': {'input': {0: 'batch'}, 'output': {0: 'batch'}}}
    version = 'torch' + '.'.join(torch.__version__.split('.')[:2])
    if torch.__version__ < '2':
        yield f'{version}-{name}', dynamic
        if name == 'view':
            yield f'{version}-{name}-fixed', {}
        if name in ('view', 'cnn'):
            yield f'{version}-{name}-opset9', {**dynamic, 'opset_version': 9}
        if name == 'resnet':
            axes = {0: 'batch', 2: 'height', 3: 'width'}
            yield f'{version}-{name}-open', {**dynamic, 'dynamic_axes': {'input': axes, 'output': {0: 'batch'}}}
        return
    yield f'{version}-{name}', {'dynamic_shapes': ({0: torch.export.Dim('batch')},), 'external_data': name == 'linear'}
    if name == 'view':
        yield f'{version}-{name}-fixed', {'external_data': False}
        yield f'{version}-{name}-script', {**dynamic, 'dynamo': False}
    if name == 'resnet':
        open_ = {0: torch.export.Dim('batch'), 2: torch.export.Dim('height', min=8), 3: torch.export.Dim('width', min=8)}
        yield f'{version}-{name}-open', {'dynamic_shapes': (open_,), 'external_data': False}


def answers(model, x):
    x = x.clone().requires_grad_()
    out = model(x)
    # Logits and log-probabilities alike; probabilities (which sum to 1) are taken as what they are.
    scores = out.log() if torch.allclose(out.sum(1), torch.ones(2), atol=1e-5) else out
    nn.functional.cross_entropy(scores, torch.arange(2), reduction='sum').backward()
    gradient = x.grad.numpy().astype('<f4').tobytes().hex()
    return {'input': list(x.shape[1:]), 'logits': out.tolist(), 'gradient': gradient}


def forget_paths(path):
    """Removes the stack traces that the new exporter writes: they hold the paths of this machine."""
    import onnx

    model = onnx.load(path, load_external_data=False)
    for node in model.graph.node:
        del node.metadata_props[:]
    onnx.save(model, path)


def export_newer(folder, expected):
    for name, _, shape, options in newer():
        torch.manual_seed(sum(map(ord, name)))
        model = settle(next(m for n, m, _, _ in newer() if n == name))
        x = images().reshape(2, *shape).to(next(model.parameters()).dtype)
        file = 'torch' + '.'.join(torch.__version__.split('.')[:2]) + f'-{name}'
        dynamic = ({0: torch.export.Dim('batch')},)
        with torch.no_grad():
            torch.onnx.export(model, (x,), os.path.join(folder, file + '.onnx'), verbose=False, external_data=False,
                              dynamic_shapes=dynamic, **options)
        # In float32 from the stored weights, as Gauntlet computes.
        expected[file] = answers(model.float(), images().reshape(2, *shape))
        forget_paths(os.path.join(folder, file + '.onnx'))


def main(folder):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, 'expected.json')
    expected = json.load(open(path)) if os.path.exists(path) else {}
    for name, model, shape in models():
        torch.manual_seed(sum(map(ord, name)))
        # Built again after seeding, so that weights do not depend on the models before.
        model = settle(next(m for n, m, _ in models() if n == name))
        x = images().reshape(2, *shape)
        for file, options in variants(name):
            example = x if not file.endswith('-fixed') else x[:1]
            torch.onnx.export(model, (example,), os.path.join(folder, file + '.onnx'), verbose=False, **options)
            if torch.__version__ >= '2':
                forget_paths(os.path.join(folder, file + '.onnx'))
            expected[file] = answers(model, x)
    if torch.__version__ >= '2':
        export_newer(folder, expected)
    json.dump(dict(sorted(expected.items())), open(path, 'w'), indent=1)


main(sys.argv[1])
