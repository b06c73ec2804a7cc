"""Reads the models of the attack table, small ONNX files, as PyTorch modules with the file's weights."""
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
BASELINES = HERE.parents[2] / 'lib' / 'baselines'
# name -> folder, the quickest first; a worst case over all attacks takes hours for the last
MODELS = {
    'standard': HERE, 'augmented': HERE, 'adversarial': HERE,
    'linear': BASELINES, 'mlp': BASELINES, 'reference-cnn': BASELINES, 'reference-cnn-adversarial': BASELINES,
    'cnn-sum-augmentation': BASELINES, 'cnn-augmented': BASELINES,
}


def convolution(node, x, weight, bias):
    pads = node.get('pads', [0, 0, 0, 0])
    assert pads[0] == pads[1] == pads[2] == pads[3] and node.get('group', 1) == 1 and set(node.get('dilations', [1])) == {1}
    return F.conv2d(x, weight, bias, stride=node.get('strides', [1, 1]), padding=pads[0])


def pooling(node, x):
    assert not any(node.get('pads', [0])) and node.get('ceil_mode', 0) == 0
    return F.max_pool2d(x, node['kernel_shape'], node['strides'])


def dense(node, x, weight, bias):
    assert node.get('alpha', 1) == node.get('beta', 1) == 1 and node.get('transA', 0) == 0
    return F.linear(x, weight if node.get('transB', 0) else weight.T, bias)


OPERATORS = {
    'Conv': convolution, 'MaxPool': pooling, 'Gemm': dense,
    'Relu': lambda node, x: F.relu(x), 'Flatten': lambda node, x: x.flatten(node.get('axis', 1)),
}


class Network(nn.Module):
    """A graph whose nodes each take the output of the node before, as all of MODELS do; [N,1,28,28] in [0,1] to logits [N,10]."""

    def __init__(self, file):
        super().__init__()
        graph = onnx.load(file).graph
        weights = {w.name: torch.from_numpy(onnx.numpy_helper.to_array(w).astype(np.float32)) for w in graph.initializer}
        self.weights, self.steps, name = nn.ParameterDict(), [], graph.input[0].name
        for node in graph.node:
            assert node.op_type in OPERATORS and node.input[0] == name, f'{file}: {node.op_type} is more than this reader reads'
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            for w in node.input[1:]:
                self.weights[w.replace('.', '_')] = nn.Parameter(weights[w], requires_grad=False)
            self.steps.append((OPERATORS[node.op_type], attributes, [w.replace('.', '_') for w in node.input[1:]]))
            name = node.output[0]

    def forward(self, x):
        for operator, attributes, weights in self.steps:
            x = operator(attributes, x, *(self.weights[w] for w in weights))
        return x


def network(name):
    return Network(MODELS[name] / f'{name}.onnx').eval()
