"""Trains the baseline models on real FashionMNIST and writes them as ONNX beside this file. Kept to show how they were made.

python3 lib/baselines/train.py linear mlp                     # on the clean training images
python3 lib/baselines/train.py cnn-augmented --data FOLDER    # on what export-training-data.ts wrote to FOLDER
Debian's python3-torch serves. Seeded, one thread by default; results still differ a little between machines.
"""
import argparse
import os
import time
from pathlib import Path

# Debian's PyTorch multiplies with OpenBLAS, which looks at this variable and not at torch.set_num_threads.
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn as nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402

from fashion_mnist import fashion_mnist, unit  # noqa: E402

HERE = Path(__file__).resolve().parent


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn_augmented():
    def convolution(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(
        *convolution(1, 32), nn.MaxPool2d(2), *convolution(32, 64), *convolution(64, 64), nn.MaxPool2d(2),
        *convolution(64, 128), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128 * 9, 192), nn.ReLU(), nn.Dropout(0.3), nn.Linear(192, 10))


# name -> (builder, passes over 60,000 images, peak learning rate, weight decay)
BASELINES = {
    'linear': (linear, 12, 2e-3, 0.0),
    'mlp': (mlp, 10, 2e-3, 1e-4),
    'cnn-augmented': (cnn_augmented, 12, 4e-3, 1e-3),
}


def draws_of(folder):
    """The perturbed copies of the training images, [60000, 28, 28] uint8 each, one per pass."""
    files = sorted(Path(folder).glob('train-*.u8'))
    if not files:
        raise SystemExit(f'No train-*.u8 in {folder}: run npx tsx lib/baselines/export-training-data.ts {folder}')
    return [np.memmap(file, np.uint8, 'r').reshape(-1, 28, 28) for file in files]


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        found = [model(torch.from_numpy(unit(images[i:i + 500]))).argmax(1) for i in range(0, len(images), 500)]
    return float((torch.cat(found) == labels).double().mean()) * 100


def train(name, data, passes):
    builder, usual, rate, decay = BASELINES[name]
    passes = passes or usual
    torch.manual_seed(1)
    clean, labels = fashion_mnist('train')
    labels = torch.from_numpy(labels.astype(np.int64))
    copies = draws_of(data) if name == 'cnn-augmented' else [clean]
    model = builder()
    batch = 128
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=decay)
    steps = passes * -(-len(clean) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.2)
    start = time.time()
    for epoch in range(passes):
        model.train()
        images = copies[epoch % len(copies)]
        order = torch.randperm(len(clean))
        for i in range(0, len(clean), batch):
            chosen = order[i:i + batch]
            loss = F.cross_entropy(model(torch.from_numpy(unit(images[chosen.numpy()]))), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(f'{name} pass {epoch + 1}/{passes}: last loss {loss.item():.3f}, {time.time() - start:.0f} s', flush=True)
    test, truth = fashion_mnist('test')
    truth = torch.from_numpy(truth.astype(np.int64))
    print(f'{name}: clean {accuracy(model, test, truth):.2f} %')
    if data and (Path(data) / 'test-mixed.u8').exists():
        print(f"{name}: mixed {accuracy(model, np.fromfile(Path(data) / 'test-mixed.u8', np.uint8).reshape(-1, 28, 28), truth):.2f} %")
    model.eval()
    torch.onnx.export(
        model, torch.zeros(1, 1, 28, 28), HERE / f'{name}.onnx', opset_version=17, input_names=['image'], output_names=['logits'],
        dynamic_axes={'image': {0: 'batch'}, 'logits': {0: 'batch'}})


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='+', choices=BASELINES)
    parser.add_argument('--data', help='folder of export-training-data.ts')
    parser.add_argument('--passes', type=int, help='passes over the training images, instead of the usual number')
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for each in options.names:
        train(each, options.data, options.passes)
