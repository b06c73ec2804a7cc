"""Quantises gradients/depthwise.onnx as students would, with onnxruntime.quantization, and notes what ONNX Runtime computes for the results.

Made tests/reference/exported/quantised/. Needs onnx and onnxruntime:
    python3 tests/reference/export_quantised.py tests/reference/exported/quantised
expected.json maps each file to the logits [2, 10] of the two images of `images()`, and to those of the model before.
"""
import json
import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

SOURCE = Path(__file__).resolve().parent / 'gradients' / 'depthwise.onnx'


def images():
    """Two images [2, 784] with values in [0, 1), the same in the TypeScript test."""
    return ((np.arange(2 * 784) * 37 % 101) / 101).astype(np.float32).reshape(2, 784)


class Calibration(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([{'x': images().reshape(2, 1, 28, 28)}])

    def get_next(self):
        return next(self.batches, None)


def logits(path):
    session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])
    return session.run(None, {'x': images().reshape(2, 1, 28, 28)})[0].tolist()


FORMS = {
    'qdq-tensor': {'quant_format': QuantFormat.QDQ, 'activation_type': QuantType.QUInt8, 'weight_type': QuantType.QUInt8},
    'qdq-channel': {'quant_format': QuantFormat.QDQ, 'activation_type': QuantType.QInt8, 'weight_type': QuantType.QInt8, 'per_channel': True},
    'operators': {'quant_format': QuantFormat.QOperator, 'activation_type': QuantType.QUInt8, 'weight_type': QuantType.QInt8,
                  'op_types_to_quantize': ['Conv']},
}


def main(folder):
    os.makedirs(folder, exist_ok=True)
    expected = {}
    for name, options in FORMS.items():
        path = os.path.join(folder, f'{name}.onnx')
        quantize_static(SOURCE, path, Calibration(), **options)
        expected[name] = {'logits': logits(path), 'before': logits(SOURCE)}
    with open(os.path.join(folder, 'expected.json'), 'w') as file:
        json.dump(expected, file, indent=1)


main(sys.argv[1])
