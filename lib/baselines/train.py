"""Trains the baseline models on real FashionMNIST and writes them as ONNX beside this file. Kept to show how they were made.

python3 lib/baselines/train.py linear mlp                     # on the clean training images
python3 lib/baselines/train.py cnn-augmented --data FOLDER           # on what export-training-data.ts wrote to FOLDER
python3 lib/baselines/train.py cnn-sum-augmentation --data FOLDER    # on six draws of it
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


def convolution(inputs, outputs, size=3, stride=1):
    return [nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def cnn_augmented():
    return nn.Sequential(
        *convolution(1, 32), nn.MaxPool2d(2), *convolution(32, 64), *convolution(64, 64), nn.MaxPool2d(2),
        *convolution(64, 128), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128 * 9, 192), nn.ReLU(), nn.Dropout(0.3), nn.Linear(192, 10))


def cnn_sum_augmentation():
    return nn.Sequential(
        *convolution(1, 24, 5, 2), *convolution(24, 48), nn.MaxPool2d(2), *convolution(48, 64), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 9, 96), nn.ReLU(), nn.Linear(96, 10))


# name -> (builder, passes over 60,000 images, peak learning rate, weight decay)
BASELINES = {
    'linear': (linear, 12, 2e-3, 0.0),
    'mlp': (mlp, 10, 2e-3, 1e-4),
    'cnn-augmented': (cnn_augmented, 12, 4e-3, 1e-3),
    'cnn-sum-augmentation': (cnn_sum_augmentation, 14, 4e-3, 1e-3),
}
# Of the passes of cnn-sum-augmentation the first are over sums of two equals, the rest over sums as `sum` TTA with ownWeight 4 makes them.
EQUAL_PASSES = 4
OWN_WEIGHT = 4


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


def summed(x, truth, clean, labels, equal):
    """Sum augmentation with k = 2 (spec 5): weighted means of two images, and the same means of their one-hot targets."""
    targets = F.one_hot(truth, 10).float()
    if equal:
        half = len(x) // 2
        return (x[:half] + x[half:2 * half]) / 2, (targets[:half] + targets[half:2 * half]) / 2
    partners = torch.randint(len(clean), (len(x),))
    own = OWN_WEIGHT / (OWN_WEIGHT + 1)
    x = own * x + (1 - own) * torch.from_numpy(unit(clean[partners.numpy()]))
    return x, own * targets + (1 - own) * F.one_hot(labels[partners], 10)


def summed_accuracy(model, images, truth, clean, own_weight=OWN_WEIGHT, repetitions=16):
    """Accuracy under `sum` TTA with k = 2: the mean of the softmax over sums with random clean training images (spec 4.2)."""
    own, right = own_weight / (own_weight + 1), 0
    with torch.no_grad():
        for i in range(0, len(images), 500):
            x, mean = torch.from_numpy(unit(images[i:i + 500])), 0
            for _ in range(repetitions):
                partners = torch.randint(len(clean), (len(x),)).numpy()
                mean = mean + model(own * x + (1 - own) * torch.from_numpy(unit(clean[partners]))).softmax(1)
            right += int((mean.argmax(1) == truth[i:i + 500]).sum())
    return right / len(images) * 100


def train(name, data, passes):
    builder, usual, rate, decay = BASELINES[name]
    passes = passes or usual
    torch.manual_seed(1)
    clean, labels = fashion_mnist('train')
    labels = torch.from_numpy(labels.astype(np.int64))
    copies = draws_of(data) if name.startswith('cnn-') else [clean]
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
            x, targets = torch.from_numpy(unit(images[chosen.numpy()])), labels[chosen]
            if name == 'cnn-sum-augmentation':
                x, targets = summed(x, targets, clean, labels, equal=epoch < EQUAL_PASSES)
            loss = F.cross_entropy(model(x), targets)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(f'{name} pass {epoch + 1}/{passes}: last loss {loss.item():.3f}, {time.time() - start:.0f} s', flush=True)
    test, truth = fashion_mnist('test')
    truth = torch.from_numpy(truth.astype(np.int64))
    print(f'{name}: clean {accuracy(model, test, truth):.2f} %')
    if data and (Path(data) / 'test-mixed.u8').exists():
        mixed = np.fromfile(Path(data) / 'test-mixed.u8', np.uint8).reshape(-1, 28, 28)
        print(f'{name}: mixed {accuracy(model, mixed, truth):.2f} %')
        if name == 'cnn-sum-augmentation':
            for own_weight in (1, OWN_WEIGHT):
                found = [summed_accuracy(model, each, truth, clean, own_weight) for each in (test, mixed)]
                print(f'{name}: own weight {own_weight}, 16 sums: clean {found[0]:.2f} %, mixed {found[1]:.2f} %', flush=True)
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
