"""Makes tests/perturbations/reference.{json,bin.gz}: every perturbation once more, by other people's libraries.

The draws are made here too, from the description in spec 7 and in the comments of lib/perturbations, so this is a second
implementation of the whole. Needs numpy, scipy, scikit-image, torch and torchvision.
Run: python tests/reference/make_perturbation_reference.py FOLDER_WITH_FASHION_MNIST
"""

import gzip
import hashlib
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision.transforms.v2.functional as tv
from scipy import fft, ndimage, stats
from skimage import filters, transform

IMAGES = 3
OFFSET = 60000
SEED = hashlib.sha256(b"test").hexdigest()
CENTRE = 13.5
MASK32 = 0xFFFFFFFF


def load(folder):
    with gzip.open(Path(folder) / "t10k-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)


def philox(counter, key):
    c, (k0, k1) = list(counter), key
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k0, b & MASK32, (a >> 32) ^ c[3] ^ k1, a & MASK32]
        k0, k1 = (k0 + 0x9E3779B9) & MASK32, (k1 + 0xBB67AE85) & MASK32
    return c


class Stream:
    def __init__(self, purpose, trial, image, slot=0):
        text = f"gauntlet-v1|{SEED}|{purpose}|{trial}|evaluate"
        self.key = struct.unpack("<II", hashlib.sha256(text.encode()).digest()[:8])
        self.image, self.slot, self.words, self.block = image, slot, [], 0

    def word(self):
        if not self.words:
            self.words = philox((self.block, self.image, 0, self.slot), self.key)
            self.block += 1
        return self.words.pop(0)

    def integer(self, n):
        while True:
            product = self.word() * n
            if (product & MASK32) >= 2**32 % n:
                return product >> 32

    def sign(self):
        return 1 if self.word() >> 31 else -1

    def many(self, count):
        return np.array([self.word() for _ in range(count)], np.float64)


ANGLES = (0.1, 0.2, 0.3, 0.4, 0.6)


def grid_sample(x, matrix):
    """torch: sampling at A (p - c) + c, given in its [-1, 1] coordinates."""
    rows, columns = np.mgrid[0:28, 0:28]
    at = np.stack([columns - CENTRE, rows - CENTRE], -1) @ np.array(matrix).T
    grid = torch.from_numpy(at / 14)[None]
    image = torch.from_numpy(x)[None, None]
    return torch.nn.functional.grid_sample(image, grid, "bilinear", "zeros", align_corners=False)[0, 0].numpy()


def skimage_warp(x, matrix):
    shift = np.array([[1, 0, CENTRE], [0, 1, CENTRE], [0, 0, 1]])
    inverse = shift @ matrix @ np.linalg.inv(shift)
    return transform.warp(x, transform.ProjectiveTransform(inverse), order=1, mode="constant", cval=0)


def rot90(x, s, p, q, o):
    return np.rot90(x, p.integer(3) + 1) if p.integer(5) < s else x


def flip(x, s, p, q, o):
    return (np.flipud(x) if p.integer(2) else np.fliplr(x)) if p.integer(5) < s else x


def rotate(x, s, p, q, o):
    a = p.sign() * ANGLES[s - 1]
    return grid_sample(x, [[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])


def translate(x, s, p, q, o):
    dx, dy = s * p.sign(), s * p.sign()
    return ndimage.shift(x, (dy, dx), order=0, mode="constant")


def scale(x, s, p, q, o):
    f = (0.9, 0.8, 0.7, 0.6, 0.5)[s - 1]
    offset = CENTRE - CENTRE / f
    return ndimage.affine_transform(x, [1 / f, 1 / f], [offset, offset], order=1, mode="grid-constant")


def shear(x, s, p, q, o):
    a = p.sign() * ANGLES[s - 1]
    return skimage_warp(x, np.array([[1, -math.sin(a), 0], [0, math.cos(a), 0], [0, 0, 1]]))


def crop(x, s, p, q, o):
    m = (26, 24, 22, 19, 16)[s - 1]
    left, top = p.integer(29 - m), p.integer(29 - m)
    window = torch.from_numpy(x[top : top + m, left : left + m].copy())[None, None]
    return torch.nn.functional.interpolate(window, size=(28, 28), mode="bilinear", align_corners=False)[0, 0].numpy()


def perspective(x, s, p, q, o):
    b = (3, 4, 5, 7, 9)[s - 1]
    far = 28 - b
    end = np.array([[right * far + p.integer(b), bottom * far + p.integer(b)] for right, bottom in ((0, 0), (1, 0), (1, 1), (0, 1))])
    start = np.array([[0, 0], [27, 0], [27, 27], [0, 27]])
    inverse = transform.ProjectiveTransform.from_estimate(end, start)
    return transform.warp(x, inverse, order=1, mode="constant", cval=0)


def gaussian_blur(x, s, p, q, o):
    sigma = (0.6, 0.9, 1.2, 1.6, 2.2)[s - 1]
    size = 2 * (2, 3, 4, 5, 7)[s - 1] + 1
    return tv.gaussian_blur(torch.from_numpy(x)[None], [size, size], [sigma, sigma])[0].numpy()


def motion_blur(x, s, p, q, o):
    r, sigma = ((6, 1), (6, 1.5), (6, 2), (8, 2.5), (10, 4))[s - 1]
    angle = math.radians(p.integer(91) - 45)
    weights = stats.norm.pdf(np.arange(2 * r + 1), scale=sigma)
    weights /= weights.sum()
    # The margin keeps i sin 30 degrees - 0.5 on its side of a whole number, where float64 sine falls short of 0.5.
    steps = [(-math.ceil(i * math.sin(angle) - 0.5 - 1e-9), -math.ceil(i * math.cos(angle) - 0.5 - 1e-9)) for i in range(2 * r + 1)]
    return sum(w * ndimage.shift(x, step, order=0, mode="nearest") for w, step in zip(weights, steps))


def sharpness(x, s, p, q, o):
    return tv.adjust_sharpness(torch.from_numpy(x)[None], (3, 6, 12, 24, 48)[s - 1])[0].numpy()


def gaussian_noise(x, s, p, q, o):
    z = stats.norm.ppf((np.floor(q.many(784) / 65536) + 0.5) / 65536)
    return x + (0.04, 0.08, 0.12, 0.18, 0.26)[s - 1] * z.reshape(28, 28)


def shot_noise(x, s, p, q, o):
    c = (60, 25, 12, 5, 3)[s - 1]
    return stats.poisson.ppf((q.many(784).reshape(28, 28) + 0.5) / 2**32, x * c) / c


def impulse(x, s, p, q, o):
    a = (0.005, 0.01, 0.02, 0.05, 0.1)[s - 1]
    u = q.many(784).reshape(28, 28) / 2**32
    return np.where(u < a / 2, 0, np.where(u < a, 1, x))


def brightness(x, s, p, q, o):
    return x + s / 10


def contrast(x, s, p, q, o):
    return tv.adjust_contrast(torch.from_numpy(x)[None], (0.75, 0.5, 0.4, 0.3, 0.15)[s - 1])[0].numpy()


def erasing(x, s, p, q, o):
    area = 784 * (0.05, 0.1, 0.2, 0.3, 0.4)[s - 1]
    edges = np.linspace(math.log(0.3), math.log(3.3), 65)
    for _ in range(10):
        aspect = math.exp(edges[p.integer(64) :][:2].mean())
        h, w = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if h < 28 and w < 28:
            top, left, gray = p.integer(29 - h), p.integer(29 - w), p.integer(256)
            return tv.erase(torch.from_numpy(x)[None], top, left, h, w, torch.tensor(gray / 255))[0].numpy()
    return x


def stripe(x, s, p, q, o):
    alpha = np.zeros(28)
    alpha[:7] = alpha[21:] = (0.1, 0.2, 0.4, 0.7, 1)[s - 1]
    return (1 - alpha) * x + alpha * (1 - x)


def fog(x, s, p, q, o):
    amount, decay = ((0.2, 3), (0.5, 3), (0.75, 2.5), (1, 2), (1.5, 1.75))[s - 1]
    noise = 2 * q.many(1024).reshape(32, 32) / 2**32 - 1
    cloud = np.zeros((32, 32))
    step, wobble = 32, 100.0
    while step >= 2:
        half = step // 2
        even, odd = slice(0, None, step), slice(half, None, step)
        corners = cloud[even, even]
        below = corners + np.roll(corners, -1, 0)
        cloud[odd, odd] = (below + np.roll(below, -1, 1)) / 4 + wobble**2 * noise[odd, odd]
        middles = cloud[odd, odd]
        cloud[even, odd] = (middles + np.roll(middles, 1, 0) + corners + np.roll(corners, -1, 1)) / 4 + wobble**2 * noise[even, odd]
        cloud[odd, even] = (middles + np.roll(middles, 1, 1) + corners + np.roll(corners, -1, 0)) / 4 + wobble**2 * noise[odd, even]
        step, wobble = half, wobble / decay
    cloud = (cloud - cloud.min()) / np.ptp(cloud)
    return (x + amount * cloud[:28, :28]) * x.max() / (x.max() + amount)


def spatter(x, s, p, q, o):
    z = stats.norm.ppf((np.floor(q.many(784) / 65536) + 0.5) / 65536).reshape(28, 28)
    liquid = filters.gaussian(0.65 + 0.3 * z, sigma=2, mode="nearest", truncate=4)
    mask = filters.gaussian((liquid > (0.7, 0.69, 0.68, 0.67, 0.66)[s - 1]).astype(float), sigma=0.5, mode="nearest", truncate=4)
    mask[mask < 0.8] = 0
    return x * (1 - mask) + 63 / 255 * mask


def pixelate(x, s, p, q, o):
    n = (14, 12, 10, 8, 6)[s - 1]
    coarse = np.floor(transform.resize_local_mean(x, (n, n)) * 255 + 0.5 + 1e-9) / 255
    return torch.nn.functional.interpolate(torch.from_numpy(coarse)[None, None], size=(28, 28), mode="nearest-exact")[0, 0].numpy()


IJG = np.array(
    """16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62
    18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99""".split(),
    int,
).reshape(8, 8)


def jpeg(x, s, p, q, o):
    table = np.clip((IJG * (5000 // (15, 8, 5, 3, 1)[s - 1]) + 50) // 100, 1, 255)
    padded = np.pad(x * 255, ((0, 4), (0, 4)), mode="edge") - 128
    out = np.zeros((32, 32))
    for i in range(0, 32, 8):
        for j in range(0, 32, 8):
            steps = fft.dctn(padded[i : i + 8, j : j + 8], norm="ortho") / table
            # The margin takes half steps away from zero whichever way the last bit fell.
            rounded = np.sign(steps) * np.floor(np.abs(steps) + 0.5 + 1e-9)
            out[i : i + 8, j : j + 8] = fft.idctn(rounded * table, norm="ortho")
    return (out[:28, :28] + 128) / 255


def partner(o, image, pool):
    index = o.integer(len(pool) - 1)
    return pool[index + (index >= image)] / 255


def mixup(x, s, p, q, o):
    weight = (0.1, 0.2, 0.3, 0.4, 0.45)[s - 1]
    return (1 - weight) * x + weight * o


def collage(x, s, p, q, o):
    cells = list(range(16))
    for i in range((2, 3, 5, 6, 7)[s - 1]):
        j = i + p.integer(16 - i)
        cells[i], cells[j] = cells[j], cells[i]
        row, column = divmod(cells[i], 4)
        part = np.s_[7 * row : 7 * row + 7, 7 * column : 7 * column + 7]
        x = x.copy()
        x[part] = o[part]
    return x


CORE = [rot90, flip, rotate, translate, scale, shear, crop, perspective, gaussian_blur, motion_blur, gaussian_noise, shot_noise]
CORE += [impulse, brightness, contrast, erasing, stripe, pixelate]
EXTENDED = [sharpness, fog, spatter, jpeg, mixup, collage]

pool = load(sys.argv[1])
content = b""
for kind in CORE + EXTENDED:
    for severity in range(1, 6):
        trial = f"{kind.__name__}/{severity}"
        for image in range(IMAGES):
            p, q, o = (Stream(purpose, trial, OFFSET + image) for purpose in ("parameters", "pixels", "partner"))
            other = partner(o, image, pool) if kind in (mixup, collage) else None
            y = np.asarray(kind(pool[image] / 255, severity, p, q, other), np.float64)
            content += np.floor(np.clip(y, 0, 1) * 255 + 0.5).astype(np.uint8).tobytes()

choices = []
for image in range(40):
    stream = Stream("parameters", "mixed", OFFSET + image, slot=1)
    choices.append({"kind": CORE[stream.integer(18)].__name__, "severity": 1 + stream.integer(5)})

folder = Path(__file__).parents[1] / "perturbations"
(folder / "reference.bin.gz").write_bytes(gzip.compress(content, 9, mtime=0))
names = [kind.__name__ for kind in CORE + EXTENDED]
(folder / "reference.json").write_text(json.dumps({"kinds": names, "images": IMAGES, "mixed": choices}, indent=1) + "\n")
print(len(content), (folder / "reference.bin.gz").stat().st_size)
