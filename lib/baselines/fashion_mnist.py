"""Reads FashionMNIST for the Python scripts of this repository; needs numpy alone."""
import gzip
import os
from pathlib import Path

import numpy as np

DEBIAN = '/usr/share/datasets/fashion-mnist'


def fashion_mnist(split):
    """(images [N, 28, 28] uint8, labels [N] uint8) of 'train' or 'test', from FASHION_MNIST_DIR or Debian's dataset-fashion-mnist."""
    directory = Path(os.environ.get('FASHION_MNIST_DIR') or DEBIAN)
    prefix = {'train': 'train', 'test': 't10k'}[split]
    images = _read(directory / f'{prefix}-images-idx3-ubyte').reshape(-1, 28, 28)
    return images, _read(directory / f'{prefix}-labels-idx1-ubyte')


def unit(images):
    """uint8 images [N, 28, 28] as float32 [N, 1, 28, 28] in [0, 1], rounded as the project rounds them."""
    return (images.astype(np.float64) / 255).astype(np.float32)[:, None]


def _read(path):
    packed = path.with_name(path.name + '.gz')
    if packed.exists():
        content = gzip.decompress(packed.read_bytes())
    elif path.exists():
        content = path.read_bytes()
    else:
        raise SystemExit(f'No {path.name}(.gz) in {path.parent}: set FASHION_MNIST_DIR or install dataset-fashion-mnist.')
    dimensions = content[3]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions)
