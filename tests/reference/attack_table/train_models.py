"""Trains the three PyTorch models of the attack table and writes them as ONNX beside this file. Seeded, one thread.

python3 tests/reference/attack_table/train_models.py standard adversarial
python3 tests/reference/attack_table/train_models.py augmented --data FOLDER   # on what lib/baselines/export-training-data.ts wrote
"""
import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / 'lib' / 'baselines'))
from fashion_mnist import fashion_mnist, unit  # noqa: E402

BATCH = 128
EPSILON, STEP_SIZE, STEPS = 0.1, 0.025, 7
# name -> passes over the 60,000 training images
PASSES = {'standard': 8, 'augmented': 12, 'adversarial': 10}


def network():
    """Two strided convolutions and two dense layers, 84 thousand parameters; [N,1,28,28] in [0,1] to logits [N,10]."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 4, stride=2, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 4, stride=2, padding=1), nn.ReLU(),
        nn.Flatten(), nn.Linear(1568, 48), nn.ReLU(), nn.Linear(48, 10))


def madry(model, x, labels):
    """PGD examples for training: seven steps from a random point of the ball."""
    low, high = (x - EPSILON).clamp(0, 1), (x + EPSILON).clamp(0, 1)
    z = torch.min(torch.max(x + EPSILON * (2 * torch.rand_like(x) - 1), low), high)
    for _ in range(STEPS):
        z.requires_grad_(True)
        gradient, = torch.autograd.grad(F.cross_entropy(model(z), labels, reduction='sum'), z)
        z = torch.min(torch.max(z.detach() + STEP_SIZE * gradient.sign(), low), high)
    return z


def accuracy(model, images, labels):
    with torch.no_grad():
        found = [model(torch.from_numpy(unit(images[i:i + 500]))).argmax(1) for i in range(0, len(images), 500)]
    return float((torch.cat(found) == labels).double().mean()) * 100


def train(name, data):
    torch.manual_seed(1)
    clean, labels = fashion_mnist('train')
    labels = torch.from_numpy(labels.astype(np.int64))
    copies = [clean]
    if name == 'augmented':
        files = sorted(Path(data or '').glob('train-*.u8')) if data else []
        if not files:
            raise SystemExit('Name with --data a folder made by npx tsx lib/baselines/export-training-data.ts FOLDER')
        copies = [np.memmap(file, np.uint8, 'r').reshape(-1, 28, 28) for file in files]
    model, rate = network(), 3e-3
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=1e-3)
    steps = PASSES[name] * -(-len(clean) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.2)
    began = time.time()
    for number in range(PASSES[name]):
        images = copies[number % len(copies)]
        order = torch.randperm(len(clean))
        for i in range(0, len(clean), BATCH):
            chosen = order[i:i + BATCH]
            x = torch.from_numpy(unit(images[chosen.numpy()]))
            if name == 'adversarial':
                x = madry(model, x, labels[chosen])
            loss = F.cross_entropy(model(x), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(f'{name} pass {number + 1}/{PASSES[name]}: last loss {loss.item():.3f}, {time.time() - began:.0f} s', flush=True)
    model.eval()
    test, truth = fashion_mnist('test')
    print(f'{name}: clean {accuracy(model, test, torch.from_numpy(truth.astype(np.int64))):.2f} %', flush=True)
    torch.onnx.export(
        model, torch.zeros(1, 1, 28, 28), HERE / f'{name}.onnx', opset_version=17, dynamo=False, input_names=['image'],
        output_names=['logits'], dynamic_axes={'image': {0: 'batch'}, 'logits': {0: 'batch'}})


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='+', choices=PASSES)
    parser.add_argument('--data', help='folder of export-training-data.ts')
    options = parser.parse_args()
    torch.set_num_threads(1)
    for each in options.names:
        train(each, options.data)
