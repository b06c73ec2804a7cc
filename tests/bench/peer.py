"""The bench's PyTorch peer: runs the graphs it is sent, and times them when asked. One JSON request a line, one JSON reply a line.

tests/bench/peer.ts starts it, with the thread count of its BLAS pinned by environment variables.
"""
import base64
import json
import sys
import time

import torch
import torch.nn.functional as F

EPSILON, STEP, STEPS = 0.1, 0.025, 10


def tensor_of(sent):
    kind = {'float32': torch.float32, 'int64': torch.int64}[sent['type']]
    # bytearray: PyTorch warns about memory it may not write to.
    return torch.frombuffer(bytearray(base64.b64decode(sent['data'])), dtype=kind).reshape(sent['dims'])


def parameter_of(sent):
    """A constant as a module holds it: weights want gradients unless somebody says otherwise."""
    values = tensor_of(sent)
    return values.requires_grad_() if values.is_floating_point() else values


def conv(a, w):
    pads = a.get('pads', [0, 0, 0, 0])
    assert pads[:2] == pads[2:], 'asymmetric padding'
    bias = w[2] if len(w) > 2 else None
    options = dict(stride=a.get('strides', 1), padding=pads[:2], dilation=a.get('dilations', 1), groups=a.get('group', 1))
    return lambda x: F.conv2d(x, w[1], bias, **options)


def gemm(a, w):
    weight = w[1] if a.get('transB') else w[1].detach().T.contiguous().requires_grad_()
    return lambda x: F.linear(x, weight, w[2] if len(w) > 2 else None)


def max_pool(a, _):
    pads = a.get('pads', [0, 0, 0, 0])
    return lambda x: F.max_pool2d(x, a['kernel_shape'], a.get('strides', 1), pads[:2])


def batch_norm(a, w):
    mean, variance = w[3].detach(), w[4].detach()
    return lambda x: F.batch_norm(x, mean, variance, w[1], w[2], eps=a.get('epsilon', 1e-5))


def matmul(a, w):
    if w[1] is None:
        return torch.matmul
    # A dense layer on tokens, whose bias `joined` put beside it.
    weight = w[1].detach().T.contiguous().requires_grad_()
    return lambda x: F.linear(x, weight, w[2] if len(w) > 2 else None)


def add(a, w):
    return (lambda x: x + w[1]) if w[1] is not None else torch.add


def layer_norm(a, w):
    return lambda x: F.layer_norm(x, w[1].shape, w[1], w[2], a['epsilon'])


def clip(a, w):
    low, high = w[1].item(), w[2].item()
    return F.relu6 if (low, high) == (0, 6) else lambda x: x.clamp(low, high)


# operator -> (attributes, inputs; None where computed) -> function of the computed inputs
OPERATORS = {
    'Conv': conv,
    'Gemm': gemm,
    'MaxPool': max_pool,
    'BatchNormalization': batch_norm,
    'Relu': lambda a, w: F.relu,
    'Add': add,
    'MatMul': matmul,
    'Mul': lambda a, w: lambda x: x * w[1],
    'Clip': clip,
    'LayerNormalization': layer_norm,
    'Gelu': lambda a, w: F.gelu,
    'Softmax': lambda a, w: lambda x: x.softmax(a['axis']),
    'Transpose': lambda a, w: lambda x: x.permute(a['perm']),
    'ReduceMean': lambda a, w: lambda x: x.mean(w[1].tolist()),
    'Flatten': lambda a, w: lambda x: x.flatten(1),
    'GlobalAveragePool': lambda a, w: lambda x: F.adaptive_avg_pool2d(x, 1),
    'Reshape': lambda a, w: lambda x, shape=w[1].tolist(): x.reshape([len(x), *shape[1:]]),
}


def joined(nodes, constants):
    """The nodes with the bias of a dense layer on tokens inside it, as torch.nn.Linear has it."""
    made = {node['outputs'][0]: node for node in nodes}
    for node in nodes:
        x, bias = (node['inputs'] + [None])[:2]
        dense = made.get(x)
        if node['op'] == 'Add' and bias in constants and dense and dense['op'] == 'MatMul' and dense['inputs'][1] in constants:
            dense['inputs'].append(bias)
            dense['outputs'] = node['outputs']
            node['op'] = None
    return [node for node in nodes if node['op']]


class Network:
    """A graph [N, 784] -> [N, 10] as the PyTorch calls a student's module would make."""

    def __init__(self, graph):
        constants = {name: parameter_of(sent) for name, sent in graph['constants'].items()}
        self.input, self.shape, self.output = graph['input'], graph['shape'], graph['output']
        self.calls = []
        for node in joined(graph['nodes'], constants):
            if node['op'] not in OPERATORS:
                raise ValueError(f"the peer does not know the operator {node['op']}; it knows {', '.join(OPERATORS)}")
            function = OPERATORS[node['op']](node['attributes'], [constants.get(name) for name in node['inputs']])
            self.calls.append((function, [name for name in node['inputs'] if name not in constants], node['outputs'][0]))

    def __call__(self, x):
        values = {self.input: x.reshape(-1, *self.shape)}
        for function, inputs, output in self.calls:
            values[output] = function(*[values[name] for name in inputs])
        return values[self.output]


def infer(network, x, _):
    with torch.no_grad():
        network(x)
    return len(x)


def pgd(network, x, labels):
    """PGD as it is usually written in PyTorch; counts every gradient of an image."""
    low, high = (x - EPSILON).clamp(0, 1), (x + EPSILON).clamp(0, 1)
    z = x
    for _ in range(STEPS):
        z = z.detach().requires_grad_(True)
        gradient, = torch.autograd.grad(F.cross_entropy(network(z), labels, reduction='sum'), z)
        z = torch.min(torch.max(z.detach() + STEP * gradient.sign(), low), high)
    return len(x) * STEPS


def rate(work, network, images, labels, batch, seconds):
    """Images per second of processor time of `work` over at least `seconds`, walking through the images batch by batch."""
    done, at, start = 0, 0, time.process_time()
    while True:
        done += work(network, images[at:at + batch], labels[at:at + batch])
        at = at + batch if at + 2 * batch <= len(images) else 0
        elapsed = time.process_time() - start
        if elapsed >= seconds:
            return done / elapsed


def blas():
    """What PyTorch multiplies dense layers with; Debian's uses whatever libblas.so.3 leads to."""
    if torch.backends.mkl.is_available():
        return 'MKL'
    try:
        with open('/proc/self/maps') as maps:
            loaded = maps.read()
    except OSError:
        return 'its own BLAS'
    if 'libopenblas' in loaded:
        return 'OpenBLAS'
    if 'libblas.so' in loaded:
        return 'the reference BLAS (install libopenblas0: dense layers are many times too slow without)'
    return 'its own BLAS'


def main():
    torch.set_num_threads(1)
    images = labels = network = None
    for line in sys.stdin:
        request = json.loads(line)
        reply = {}
        if request['do'] == 'images':
            images = tensor_of(request['images'])
            labels = torch.tensor(request['labels'])
            reply = {'torch': f'{torch.__version__} with {blas()}'}
        elif request['do'] == 'load':
            network = Network(request['graph'])
        elif request['do'] == 'rate':
            work = {'inference': infer, 'gradients': pgd}[request['kind']]
            reply = {'rate': rate(work, network, images, labels, request['batch'], request['seconds'])}
        elif request['do'] == 'pullback':
            cotangent = tensor_of(request['cotangent'])
            x = images[:len(cotangent)].clone().requires_grad_(True)
            dx, = torch.autograd.grad(network(x), x, cotangent)
            reply = {'dx': base64.b64encode(dx.numpy().tobytes()).decode()}
        print(json.dumps(reply), flush=True)


if __name__ == '__main__':
    main()
