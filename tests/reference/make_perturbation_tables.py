"""Makes lib/perturbations/tables/: every transcendental number the perturbations need, correctly rounded by mpmath.

At run time the perturbations only add, multiply and look up, so that all machines agree to the bit (spec 7.3, 7.4).
Run: python tests/reference/make_perturbation_tables.py
"""

import hashlib
import struct
import textwrap
from pathlib import Path

from mpmath import cos, erfinv, exp, log, mp, mpf, nint, pi, sin, sqrt

mp.dps = 40
folder = Path(__file__).parents[2] / "lib" / "perturbations" / "tables"


def normal_quantiles():
    """float32 inverse of the normal distribution function at (i + 1/2) / 65536."""
    upper = [float(sqrt(2) * erfinv(2 * (mpf(i) + mpf("0.5")) / 65536 - 1)) for i in range(32768, 65536)]
    return struct.pack("<65536f", *[-z for z in reversed(upper)], *upper)


def poisson_thresholds():
    """u32 round(2^32 P(X <= k)), X ~ Poisson(c v / 255), for c, then v = 0..255, then k = 0..c-1."""
    words = []
    for c in (60, 25, 12, 5, 3):
        for v in range(256):
            rate = mpf(c) * v / 255
            term = exp(-rate)
            total = mpf(0)
            for k in range(c):
                total += term
                term *= rate / (k + 1)
                words.append(min(2**32 - 1, int(nint(total * 2**32))))
    return struct.pack(f"<{len(words)}I", *words)


def gaussian(sigma, radius):
    """Normalised Gaussian at the integers 0..radius, as one side of a symmetric kernel."""
    side = [exp(-mpf(i) ** 2 / (2 * mpf(sigma) ** 2)) for i in range(radius + 1)]
    total = side[0] + 2 * sum(side[1:])
    return [weight / total for weight in side]


def one_sided(radius, sigma):
    """Normalised weights exp(-i^2 / 2 sigma^2), i = 0..2 radius."""
    weights = [exp(-mpf(i) ** 2 / (2 * mpf(sigma) ** 2)) for i in range(2 * radius + 1)]
    total = sum(weights)
    return [weight / total for weight in weights]


def numbers(values, indent=""):
    text = ", ".join(repr(float(value)) for value in values)
    if len(text) < 90:
        return f"[{text}]"
    wrapped = textwrap.wrap(text, 130)
    return "[\n" + "".join(f"{indent}  {line}\n" for line in wrapped).removesuffix("\n") + f",\n{indent}]"


def rows(values):
    return "[\n" + "".join(f"  {numbers(row, '  ')},\n" for row in values) + "]"


angles = [mpf(a) for a in ("0.1", "0.2", "0.3", "0.4", "0.6")]
degrees = [pi * d / 180 for d in range(46)]
aspects = [exp(log(mpf("0.3")) + (i + mpf("0.5")) / 64 * (log(mpf("3.3")) - log(mpf("0.3")))) for i in range(64)]

literals = {
    "Cosines of the angles 0.1, 0.2, 0.3, 0.4, 0.6 rad.": ("angleCosines", numbers([cos(a) for a in angles])),
    "Sines of the same angles.": ("angleSines", numbers([sin(a) for a in angles])),
    "Cosines of 0..45 degrees.": ("degreeCosines", numbers([cos(d) for d in degrees])),
    "Sines of 0..45 degrees.": ("degreeSines", numbers([sin(d) for d in degrees])),
    "Half kernels of sigma 0.6, 0.9, 1.2, 1.6, 2.2, radius ceil(3 sigma).": (
        "blurKernels",
        rows([gaussian(s, r) for s, r in (("0.6", 2), ("0.9", 3), ("1.2", 4), ("1.6", 5), ("2.2", 7))]),
    ),
    "Motion blur weights of (radius, sigma) (6,1) (6,1.5) (6,2) (8,2.5) (10,4).": (
        "motionKernels",
        rows([one_sided(r, s) for r, s in ((6, "1"), (6, "1.5"), (6, "2"), (8, "2.5"), (10, "4"))]),
    ),
    "Half kernel of sigma 2, radius 8 (spatter's liquid).": ("liquidKernel", numbers(gaussian("2", 8))),
    "Half kernel of sigma 0.5, radius 2 (spatter's mask).": ("maskKernel", numbers(gaussian("0.5", 2))),
    "The middles of 64 equal steps of log aspect in (log 0.3, log 3.3).": ("aspects", numbers(aspects)),
    "cos((2n + 1) k pi / 16), row k.": (
        "dctCosines",
        rows([[cos((2 * n + 1) * k * pi / 16) for n in range(8)] for k in range(8)]),
    ),
    "1 / sqrt 2.": ("halfRoot", repr(float(1 / sqrt(2)))),
}

lines = ["// Made by tests/reference/make_perturbation_tables.py: constants rounded to float64, so that no machine computes them."]
for comment, (name, value) in literals.items():
    lines += ["", f"/** {comment} */", f"export const {name} = {value};"]

folder.mkdir(parents=True, exist_ok=True)
(folder / "literals.ts").write_text("\n".join(lines) + "\n")

def write_words(name, constant, comment, content):
    """Bytes as hexadecimal digits in a module, so that a browser and Node load them in one way."""
    head = f"// Made by tests/reference/make_perturbation_tables.py. {comment}\n"
    (folder / f"{name}.ts").write_text(f"{head}export const {constant} =\n  '{content.hex()}';\n")


for name, constant, comment, written in (
    (
        "normal-quantiles",
        "upperNormalQuantiles",
        "The upper half of QN, float32 little endian in hexadecimal: the lower half is its mirror image.",
        normal_quantiles()[131072:],
    ),
    (
        "poisson-thresholds",
        "poissonThresholdWords",
        "Thresholds of all severities, u32 little endian in hexadecimal.",
        poisson_thresholds(),
    ),
):
    write_words(name, constant, comment, written)
    print(hashlib.sha256(written).hexdigest(), name, len(written))
