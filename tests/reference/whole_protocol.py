"""Gauntlet's protocol as a plain PyTorch script, for the bench to time beside `gauntlet evaluate`.

What a student writes for this job: numpy and PIL perturb one image at a time, as transforms in a Dataset do; the attacks are
the loops of torchattacks (batches of 128, every image to the last step, cross-entropy's mean). It takes a protocol in Gauntlet's
own JSON, of which it knows the trials named in RUN and KINDS, and draws its own random numbers: accuracies agree up to that.

    python whole_protocol.py MODEL.onnx FASHION_MNIST_DIR PROTOCOL.json   -> one line of JSON

The model is the reference CNN (conv 16, pool, conv 32, pool, dense 128). Needs torch, numpy, Pillow, and onnx for its weights.
"""
import gzip
import json
import os
import resource
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image

BATCH = 128
random = np.random.default_rng(0)


def sign():
    return 1 if random.random() < 0.5 else -1


def rot90(x, s):
    return np.rot90(x, random.integers(1, 4)) if random.random() < 0.2 * s else x


def flip(x, s):
    if random.random() >= 0.2 * s:
        return x
    return x[:, ::-1] if random.random() < 0.5 else x[::-1]


def affine(x, a, b, c, d):
    """Samples x at [[a, b], [c, d]] (p - centre) + centre; PIL counts from the pixels' corners."""
    matrix = (a, b, 14 - 14 * (a + b), c, d, 14 - 14 * (c + d))
    return np.asarray(Image.fromarray(x).transform((28, 28), Image.AFFINE, matrix, Image.BILINEAR))


def rotate(x, s):
    angle = sign() * (0.1, 0.2, 0.3, 0.4, 0.6)[s - 1]
    return affine(x, np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle))


def translate(x, s):
    down, right = sign() * s, sign() * s
    padded = np.pad(x, s)
    return padded[s - down:s - down + 28, s - right:s - right + 28]


def scale(x, s):
    factor = 1 / (0.9, 0.8, 0.7, 0.6, 0.5)[s - 1]
    return affine(x, factor, 0, 0, factor)


def shear(x, s):
    angle = sign() * (0.1, 0.2, 0.3, 0.4, 0.6)[s - 1]
    return affine(x, 1, -np.sin(angle), 0, np.cos(angle))


def crop(x, s):
    side = (26, 24, 22, 19, 16)[s - 1]
    top, left = random.integers(0, 29 - side, 2)
    return np.asarray(Image.fromarray(x[top:top + side, left:left + side]).resize((28, 28), Image.BILINEAR))


def perspective(x, s):
    """As torchvision's RandomPerspective: corners move inwards, eight coefficients by least squares."""
    bound = (3, 4, 5, 7, 9)[s - 1]
    start = np.array([(0, 0), (27, 0), (27, 27), (0, 27)], float)
    end = start + random.integers(0, bound, (4, 2)) * np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
    rows = []
    for (u, v), (p, q) in zip(end, start):
        rows += [[u, v, 1, 0, 0, 0, -p * u, -p * v], [0, 0, 0, u, v, 1, -q * u, -q * v]]
    coefficients = np.linalg.lstsq(np.array(rows), start.reshape(-1), rcond=None)[0]
    return np.asarray(Image.fromarray(x).transform((28, 28), Image.PERSPECTIVE, tuple(coefficients), Image.BILINEAR))


def gaussian_blur(x, s):
    sigma = (0.6, 0.9, 1.2, 1.6, 2.2)[s - 1]
    radius = int(np.ceil(3 * sigma))
    weights = np.exp(-np.arange(-radius, radius + 1) ** 2 / (2 * sigma ** 2))
    weights /= weights.sum()
    padded = np.pad(x.astype(float), radius, mode='reflect')
    rows = sum(w * padded[i:i + 28] for i, w in enumerate(weights))
    return sum(w * rows[:, i:i + 28] for i, w in enumerate(weights))


def motion_blur(x, s):
    radius, sigma = ((6, 1), (6, 1.5), (6, 2), (8, 2.5), (10, 4))[s - 1]
    weights = np.exp(-np.arange(2 * radius + 1) ** 2 / (2 * sigma ** 2))
    weights /= weights.sum()
    angle = np.deg2rad(random.integers(-45, 46))
    total = np.zeros((28, 28))
    padded = np.pad(x.astype(float), 28, mode='edge')
    for i, weight in enumerate(weights):
        right, down = -int(np.ceil(i * np.cos(angle) - 0.5)), -int(np.ceil(i * np.sin(angle) - 0.5))
        total += weight * padded[28 - down:56 - down, 28 - right:56 - right]
    return total


def gaussian_noise(x, s):
    return x + 255 * (0.04, 0.08, 0.12, 0.18, 0.26)[s - 1] * random.standard_normal((28, 28))


def shot_noise(x, s):
    photons = (60, 25, 12, 5, 3)[s - 1]
    return random.poisson(x / 255 * photons) / photons * 255


def impulse(x, s):
    amount, u = (0.005, 0.01, 0.02, 0.05, 0.1)[s - 1], random.random((28, 28))
    return np.where(u < amount / 2, 0, np.where(u < amount, 255, x))


def brightness(x, s):
    return x + 25.5 * s


def contrast(x, s):
    mean = x.mean()
    return (x - mean) * (0.75, 0.5, 0.4, 0.3, 0.15)[s - 1] + mean


def erasing(x, s):
    area, x = 784 * (0.05, 0.1, 0.2, 0.3, 0.4)[s - 1], x.copy()
    for _ in range(10):
        aspect = np.exp(random.uniform(np.log(0.3), np.log(3.3)))
        high, wide = int(round(np.sqrt(area * aspect))), int(round(np.sqrt(area / aspect)))
        if high < 28 and wide < 28:
            top, left = random.integers(0, 29 - high), random.integers(0, 29 - wide)
            x[top:top + high, left:left + wide] = random.integers(0, 256)
            break
    return x


def stripe(x, s):
    share, x = (0.1, 0.2, 0.4, 0.7, 1)[s - 1], x.astype(float)
    for columns in (slice(0, 7), slice(21, 28)):
        x[:, columns] = (1 - share) * x[:, columns] + share * (255 - x[:, columns])
    return x


def pixelate(x, s):
    side = (14, 12, 10, 8, 6)[s - 1]
    return np.asarray(Image.fromarray(x).resize((side, side), Image.BOX).resize((28, 28), Image.NEAREST))


KINDS = {function.__name__: function for function in (
    rot90, flip, rotate, translate, scale, shear, crop, perspective, gaussian_blur, motion_blur,
    gaussian_noise, shot_noise, impulse, brightness, contrast, erasing, stripe, pixelate)}


def perturbed(images, kind, severity):
    """uint8 [N,28,28] to float32 [N,1,28,28] in [0,1], image by image."""
    out = np.empty(images.shape, np.float32)
    for i, image in enumerate(images):
        name, s = (kind, severity) if kind else (random.choice(list(KINDS)), random.integers(1, 6))
        out[i] = np.floor(np.clip(KINDS[name](image, s), 0, 255) + 0.5) / 255
    return torch.from_numpy(out)[:, None]


class ReferenceCNN(torch.nn.Module):
    def __init__(self, file):
        super().__init__()
        weights = [torch.tensor(numpy_helper.to_array(w)) for w in onnx.load(file).graph.initializer]
        weights = [w for w in weights if w.is_floating_point()]
        self.layers = torch.nn.Sequential(
            torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
            torch.nn.Linear(1568, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
        for parameter, weight in zip(self.parameters(), weights):
            # Dense layers multiply from the left in the file.
            parameter.data = weight.T.contiguous() if weight.dim() == 2 else weight

    def forward(self, x):
        return self.layers(x)


def sign_steps(model, x, labels, epsilon, step, steps, momentum=None, start=None):
    """BIM, PGD and MIM as torchattacks has them."""
    adversarial = x if start is None else (x + start).clamp(0, 1)
    accumulated = torch.zeros_like(x)
    for _ in range(steps):
        adversarial = adversarial.detach().requires_grad_(True)
        gradient, = torch.autograd.grad(F.cross_entropy(model(adversarial), labels), adversarial)
        if momentum is not None:
            gradient = gradient / gradient.abs().mean((1, 2, 3), keepdim=True)
            gradient = accumulated = momentum * accumulated + gradient
        delta = (adversarial.detach() + step * gradient.sign() - x).clamp(-epsilon, epsilon)
        adversarial = (x + delta).clamp(0, 1)
    return adversarial.detach()


def attacked(model, x, labels, trial):
    epsilon = trial['epsilon']
    if trial['attack'] == 'fgsm':
        return sign_steps(model, x, labels, epsilon, epsilon, 1)
    start = torch.empty_like(x).uniform_(-epsilon, epsilon) if trial.get('randomStart') else None
    return sign_steps(model, x, labels, epsilon, trial['stepSize'], trial['steps'], trial.get('momentum'), start)


def shifted(x):
    """The nine shifts by one pixel, zeros coming in."""
    padded = F.pad(x, (1, 1, 1, 1))
    return [padded[:, :, i:i + 28, j:j + 28] for i in range(3) for j in range(3)]


def probabilities(model, x, tta, train):
    if tta is None:
        return model(x).softmax(1)
    if tta['policy'] == 'shift':
        return sum(model(part).softmax(1) for part in shifted(x))
    own = tta['ownWeight'] / (tta['ownWeight'] + tta['k'] - 1)
    total = 0
    # Gauntlet evaluates a policy that draws three times, to show the spread.
    for _ in range(3 * tta['repetitions']):
        partners = train[torch.randint(len(train), (len(x), tta['k'] - 1))].float().mean(1)
        total = total + model(own * x + (1 - own) * partners[:, None] / 255).softmax(1)
    return total


def count_of(trial, protocol):
    choice = trial.get('images', protocol['images'])
    return choice.get('first', choice.get('size'))


def accuracy(model, trial, protocol, test, train):
    images, labels = (part[:count_of(trial, protocol)] for part in test)
    kind, severity = trial.get('perturbation'), trial.get('severity')
    natural = trial['kind'] in ('clean', 'attack')
    x = torch.from_numpy(images)[:, None].float() / 255 if natural else perturbed(images, kind, severity)
    right = 0
    for at in range(0, len(x), BATCH):
        part, own = x[at:at + BATCH], labels[at:at + BATCH]
        if trial['kind'] == 'attack':
            part = attacked(model, part, own, trial)
        with torch.no_grad():
            right += (probabilities(model, part, trial.get('tta'), train).argmax(1) == own).sum().item()
    return right / len(x)


def read(folder, name, offset):
    with gzip.open(os.path.join(folder, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset).copy()


def main(model_file, folder, protocol_file):
    with open(protocol_file) as file:
        protocol = json.load(file)
    torch.manual_seed(0)
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', '1')))
    model = ReferenceCNN(model_file).eval()
    images = read(folder, 't10k-images-idx3-ubyte.gz', 16).reshape(-1, 28, 28)
    labels = torch.from_numpy(read(folder, 't10k-labels-idx1-ubyte.gz', 8).astype(np.int64))
    train = torch.from_numpy(read(folder, 'train-images-idx3-ubyte.gz', 16).reshape(-1, 28, 28))
    accuracies = [accuracy(model, trial, protocol, (images, labels), train) for trial in protocol['trials']]
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({'torch': torch.__version__, 'seconds': used.ru_utime + used.ru_stime, 'accuracies': accuracies}))


if __name__ == '__main__':
    main(*sys.argv[1:])
