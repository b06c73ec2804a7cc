"""Small seeded networks that between them use every operator the gradient compiler must know; read by make_gradients.py."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    """A residual block with batch norms and, where the shape changes, a projecting shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class GlobalMean(nn.Module):
    """Mean over the pixels by ReduceMean, where nn.AdaptiveAvgPool2d exports GlobalAveragePool."""

    def forward(self, x):
        return x.mean((2, 3))


class Branches(nn.Module):
    """Three branches of other kernels and a pooled one, concatenated along the channels; asymmetric constant padding."""

    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(1, 4, 1)
        self.three = nn.Conv2d(1, 4, (3, 1), padding=(1, 0))
        self.five = nn.Conv2d(1, 4, 4)
        self.join = nn.Conv2d(13, 6, 3, stride=2)
        self.head = nn.Linear(6, 10)

    def forward(self, x):
        five = self.five(F.pad(x, (1, 2, 2, 1)))
        pooled = F.max_pool2d(x, 3, 1, 1)
        y = torch.cat([self.one(x), self.three(x), five, pooled], 1)
        y = F.relu(self.join(F.relu(y)))
        return self.head(F.adaptive_avg_pool2d(y, 1).flatten(1))


class Attention(nn.Module):
    """Image rows as tokens with softmax attention, then a sigmoid gate: MatMul of two activations, Transpose, broadcasting."""

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(28, 12)
        self.key = nn.Linear(28, 12)
        self.value = nn.Linear(28, 12)
        self.gate = nn.Linear(12, 12)
        self.head = nn.Linear(12 * 28, 10)

    def forward(self, x):
        rows = x.reshape(-1, 28, 28)
        scores = torch.matmul(self.query(rows), self.key(rows).transpose(1, 2)) / 3.0
        y = torch.matmul(torch.softmax(scores, -1), self.value(rows))
        gate = torch.sigmoid(self.gate(y.mean(1)))
        y = y * gate.unsqueeze(1)
        return self.head(y.flatten(1))


class Normalised(nn.Module):
    """Pixels last, as TensorFlow lays them out; statistics of the image itself by ReduceMean, Sub, Mul, Add and Div; LogSoftmax inside."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 5, stride=3)
        self.dense = nn.Linear(6 * 64, 12)
        self.head = nn.Linear(12, 10)

    def forward(self, x):
        x = x.permute(0, 3, 1, 2)
        centred = x - x.mean((1, 2, 3), keepdim=True)
        spread = (centred * centred).mean((1, 2, 3), keepdim=True)
        y = torch.tanh(self.conv(centred / (0.1 + spread)))
        y = y.permute(0, 2, 3, 1).reshape(-1, 6 * 64)
        return self.head(F.log_softmax(self.dense(y), 1))


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def mlp():
    return nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 10))


def activations():
    return nn.Sequential(
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 24), nn.LeakyReLU(0.1), nn.Linear(24, 24), nn.Sigmoid(),
        nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 24), nn.Hardtanh(-0.3, 0.4), nn.Linear(24, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(588, 16), nn.ReLU(), nn.Linear(16, 10))


def cnn_batch_norm():
    return nn.Sequential(
        nn.BatchNorm2d(1), nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(288, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 10))


def cnn_strided():
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=2), nn.ReLU(),
        nn.Conv2d(8, 12, (3, 2), stride=(1, 2), padding=(0, 1), groups=4), nn.ReLU(), nn.Conv2d(12, 8, 3, stride=3, dilation=(1, 2)),
        nn.ReLU(), nn.Flatten(), nn.Linear(64, 10))


def pooling():
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, 1), nn.Conv2d(6, 6, 3, padding=1), nn.Tanh(),
        nn.AvgPool2d(3, 2, 1), nn.Conv2d(6, 6, 1), nn.AvgPool2d(2, 1, 1, count_include_pad=False), nn.Tanh(),
        nn.MaxPool2d(3, 2, ceil_mode=True), nn.Flatten(), nn.Linear(96, 10))


def overlapping():
    return nn.Sequential(
        nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(3, 1), nn.Conv2d(6, 6, 3, stride=2), nn.MaxPool2d((3, 2), (2, 1), dilation=(1, 2)),
        nn.Sigmoid(), nn.Flatten(), nn.Linear(6 * 5 * 9, 10))


def depthwise():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU6(), nn.Conv2d(8, 8, 3, 1, 1, groups=8), nn.ReLU6(), nn.Conv2d(8, 16, 1), nn.ReLU6(),
        nn.Conv2d(16, 32, 3, 2, 1, groups=16), nn.ReLU6(), nn.Conv2d(32, 16, 1), nn.ReLU6(), GlobalMean(), nn.Linear(16, 10))


def global_pool():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))


def resnet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, 1, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), Block(6, 6, 1), Block(6, 10, 2), Block(10, 12, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 10))


# name -> (builder, input shape without the batch, what it exercises)
MODELS = {
    'linear': (linear, (1, 28, 28), 'Flatten, Gemm'),
    'mlp': (mlp, (784,), 'Gemm, Relu; input [N,784]'),
    'activations': (activations, (1, 28, 28), 'AveragePool, LeakyRelu, Sigmoid, Tanh, Clip'),
    'cnn': (cnn, (1, 28, 28), 'Conv 3x3, Relu, MaxPool 2x2, twice, then two dense layers'),
    'cnn-batch-norm': (cnn_batch_norm, (1, 28, 28), 'BatchNormalization before and after Conv, after MaxPool and after Gemm'),
    'cnn-strided': (cnn_strided, (1, 28, 28), 'Conv with strides, unequal kernels and padding, dilation, groups'),
    'pooling': (pooling, (1, 28, 28), 'MaxPool padded and with ceil_mode, AveragePool counting the padding and not'),
    'overlapping': (overlapping, (1, 28, 28), 'MaxPool with overlapping and dilated windows'),
    'depthwise': (depthwise, (1, 28, 28), 'depthwise and pointwise Conv, Clip (ReLU6), ReduceMean'),
    'global-pool': (global_pool, (1, 28, 28), 'GlobalAveragePool'),
    'resnet': (resnet, (1, 28, 28), 'residual blocks with BatchNormalization and projecting shortcuts'),
    'branches': (Branches, (1, 28, 28), 'Concat of branches, Pad, MaxPool with stride 1 on the pixels themselves'),
    'attention': (Attention, (28, 28), 'MatMul of activations, Transpose, Softmax, Sigmoid gate with broadcasting; input [N,28,28]'),
    'normalised': (Normalised, (28, 28, 1), 'ReduceMean, Sub, Mul, Add, Div, Transpose, LogSoftmax inside; input [N,28,28,1]'),
}


def build(name, seed):
    """The named network in eval mode, float32, with seeded weights and, for batch norms, seeded running statistics."""
    torch.manual_seed(seed)
    model = MODELS[name][0]().eval()
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.3, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
        elif isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_uniform_(module.weight, a=0.5)
    return model
