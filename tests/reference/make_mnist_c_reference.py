"""Makes tests/perturbations/mnist-c.{json,bin.gz}: what MNIST-C's own functions make of the first test images.

Runs `corruptions.py` of github.com/google-research/mnist-c (commit bba57e4) as it is, from a folder that holds it, with three
things exchanged: the tables `c = [...][severity - 1]` carry gauntlet-v1's values (spec 1.3), numpy.random hands out Gauntlet's
draws, and the names that numpy 2 and Python 3.12 dropped exist. Needs numpy, scipy, scikit-image, pillow, opencv, Wand with
ImageMagick, torch and torchvision.
Run: python tests/reference/make_mnist_c_reference.py FOLDER_OF_MNIST_C FOLDER_WITH_FASHION_MNIST
"""

import ast
import gzip
import json
import os
import sys
import types
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage, stats

corruptions_folder, data_folder = sys.argv[1:3]
sys.argv = ["", data_folder]
own = types.ModuleType("own")
source = Path(__file__).with_name("make_perturbation_reference.py").read_text()
exec(source[: source.index("ANGLES =")], own.__dict__)
Stream, IMAGES, OFFSET = own.Stream, own.IMAGES, own.OFFSET

# gauntlet-v1's parameters where MNIST-C's function takes one.
PARAMETERS = {
    "rotate": [0.1, 0.2, 0.3, 0.4, 0.6],
    "shear": [0.1, 0.2, 0.3, 0.4, 0.6],
    "translate": [1, 2, 3, 4, 5],
    "scale": [(1 / f, 1 / f) for f in (0.9, 0.8, 0.7, 0.6, 0.5)],
    "motion_blur": [(6, 1), (6, 1.5), (6, 2), (8, 2.5), (10, 4)],
    "gaussian_noise": [0.04, 0.08, 0.12, 0.18, 0.26],
    "shot_noise": [60, 25, 12, 5, 3],
    "impulse_noise": [0.005, 0.01, 0.02, 0.05, 0.1],
    "brightness": [0.1, 0.2, 0.3, 0.4, 0.5],
    "contrast": [0.75, 0.5, 0.4, 0.3, 0.15],
    "fog": [(0.2, 3), (0.5, 3), (0.75, 2.5), (1, 2), (1.5, 1.75)],
    "spatter": [(0.65, 0.3, 2, t, 0.5, 0) for t in (0.7, 0.69, 0.68, 0.67, 0.66)],
    "pixelate": [n / 28 + 1e-9 for n in (14, 12, 10, 8, 6)],
    "jpeg_compression": [15, 8, 5, 3, 1],
}
# Our name of each, in our order; stripe has no parameter, which is our severity 5.
KINDS = {
    "rotate": "rotate", "translate": "translate", "scale": "scale", "shear": "shear", "motion_blur": "motion_blur",
    "gaussian_noise": "gaussian_noise", "shot_noise": "shot_noise", "impulse": "impulse_noise", "brightness": "brightness",
    "contrast": "contrast", "stripe": "stripe", "fog": "fog", "spatter": "spatter", "pixelate": "pixelate", "jpeg": "jpeg_compression",
}


class OurParameters(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        for statement in node.body:
            if node.name in PARAMETERS and isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "c":
                statement.value = ast.parse(f"PARAMETERS[{node.name!r}][severity - 1]", mode="eval").body
        return node


def load(folder):
    np.float_, np.int = np.float64, int
    interpolation = types.ModuleType("scipy.ndimage.interpolation")
    interpolation.map_coordinates = ndimage.map_coordinates
    resources = types.ModuleType("pkg_resources")
    resources.resource_filename = lambda _, name: name
    sys.modules |= {"scipy.ndimage.interpolation": interpolation, "pkg_resources": resources}
    os.chdir(folder)
    tree = OurParameters().visit(ast.parse(Path("corruptions.py").read_text()))
    module = types.ModuleType("corruptions")
    module.PARAMETERS = PARAMETERS
    exec(compile(ast.fix_missing_locations(tree), "corruptions.py", "exec"), module.__dict__)
    # Their map of 256 x 256 is ours of 32 x 32 (spec 1.2), and their shear is of a scikit-image whose matrix still was this one.
    whole = module.plasma_fractal
    module.plasma_fractal = lambda wibbledecay: whole(mapsize=32, wibbledecay=wibbledecay)
    module.transform = types.SimpleNamespace(warp=module.transform.warp, AffineTransform=affine(module.transform.AffineTransform))
    return module


def affine(transform):
    def make(shear=None, translation=(0, 0), **others):
        if shear is None:
            return transform(translation=translation, **others)
        matrix = [[1, -np.sin(shear), translation[0]], [0, np.cos(shear), translation[1]], [0, 0, 1]]
        return transform(matrix=np.array(matrix))

    return make


class Draws:
    """numpy.random as corruptions.py and scikit-image call it, from the streams of one image."""

    def __init__(self, kind, trial, image, severity):
        self.kind, self.severity = kind, severity
        self.p = Stream("parameters", trial, OFFSET + image)
        self.q = Stream("pixels", trial, OFFSET + image)
        self.plasma = None

    def choice(self, values, size):
        # Ours is the content's way, theirs the sampling point's: for a shift that is the other sign.
        return np.array([self.p.sign() for _ in range(size)]) * (-1 if self.kind == "translate" else 1)

    def normal(self, size, scale=1, loc=0):
        words = np.floor(self.q.many(784) / 65536)
        return loc + scale * stats.norm.ppf((words + 0.5) / 65536).reshape(size)

    def poisson(self, lam):
        return stats.poisson.ppf((self.q.many(784).reshape(28, 28) + 0.5) / 2**32, lam)

    def uniform(self, low, high, shape=None):
        if shape is None:
            return self.p.integer(91) - 45
        if self.plasma is None:
            self.plasma = 2 * self.q.many(1024).reshape(32, 32) / 2**32 - 1
            self.calls = 0
        step = 32 // shape[0]
        even, odd = slice(0, None, step), slice(step // 2, None, step)
        where = ((odd, odd), (even, odd), (odd, even))[self.calls % 3]
        self.calls += 1
        return high * self.plasma[where]

    def default_rng(self, _=None):
        amount = PARAMETERS["impulse_noise"][self.severity - 1]
        u = self.q.many(784).reshape(28, 28) / 2**32
        # scikit-image asks first which pixels flip, then which of them are salt.
        answers = iter([np.where(u < amount, 0.0, 1.0), np.where(u >= amount / 2, 0.0, 1.0)])
        return types.SimpleNamespace(random=lambda shape: next(answers))


module = load(corruptions_folder)
os.chdir(Path(__file__).parent)
pool = own.load(data_folder)
content = b""
for name, theirs in KINDS.items():
    for severity in [5] if name == "stripe" else range(1, 6):
        for image in range(IMAGES):
            draws = Draws(name, f"{name}/{severity}", image, severity)
            for function in ("choice", "normal", "poisson", "uniform", "default_rng"):
                setattr(np.random, function, getattr(draws, function))
            function = getattr(module, theirs)
            y = function(Image.fromarray(pool[image])) if name == "stripe" else function(Image.fromarray(pool[image]), severity)
            content += np.floor(np.clip(np.asarray(y, np.float64), 0, 255) + 0.5).astype(np.uint8).reshape(28, 28).tobytes()

folder = Path(__file__).parents[1] / "perturbations"
(folder / "mnist-c.bin.gz").write_bytes(gzip.compress(content, 9, mtime=0))
(folder / "mnist-c.json").write_text(json.dumps({"kinds": list(KINDS), "images": IMAGES}) + "\n")
print(len(content))
