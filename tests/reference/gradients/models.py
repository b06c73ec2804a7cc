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


class InvertedResidual(nn.Module):
    """MobileNetV3's block: expand, depthwise, squeeze and excite, project, with a shortcut."""

    def __init__(self, channels, wide):
        super().__init__()
        self.expand = nn.Sequential(nn.Conv2d(channels, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.Hardswish())
        self.depth = nn.Sequential(nn.Conv2d(wide, wide, 3, 1, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6())
        self.squeeze = nn.Conv2d(wide, 4, 1)
        self.excite = nn.Conv2d(4, wide, 1)
        self.project = nn.Sequential(nn.Conv2d(wide, channels, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.depth(self.expand(x))
        gate = F.hardsigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(y, 1)))))
        return x + self.project(y * gate)


class Vit(nn.Module):
    """Patches as tokens, a class token, learned places, two pre-norm blocks of attention by einsum, GELU in both spellings."""

    def __init__(self, width=8, heads=2):
        super().__init__()
        self.heads = heads
        self.patches = nn.Conv2d(1, width, 7, 7)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.2)
        self.places = nn.Parameter(torch.randn(1, 17, width) * 0.2)
        self.blocks = nn.ModuleList(nn.ModuleDict({
            'norm1': nn.LayerNorm(width), 'qkv': nn.Linear(width, 3 * width), 'out': nn.Linear(width, width),
            'norm2': nn.LayerNorm(width), 'up': nn.Linear(width, 2 * width), 'down': nn.Linear(2 * width, width)}) for _ in range(2))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def attend(self, block, x):
        batch, tokens, width = x.shape
        q, k, v = block['qkv'](x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = torch.einsum('bhid,bhjd->bhij', q, k) * (width // self.heads) ** -0.5
        y = torch.matmul(scores.softmax(-1), v)
        return block['out'](y.transpose(1, 2).reshape(batch, tokens, width))

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places
        for block, gelu in zip(self.blocks, ('none', 'tanh')):
            x = x + self.attend(block, block['norm1'](x))
            x = x + block['down'](F.gelu(block['up'](block['norm2'](x)), approximate=gelu))
        return self.head(self.norm(x)[:, 0])


class Norms(nn.Module):
    """Every normalisation by the image's own statistics."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, 2)
        self.group = nn.GroupNorm(3, 6)
        self.conv2 = nn.Conv2d(6, 6, 3)
        self.instance = nn.InstanceNorm2d(6, affine=True)
        self.local = nn.LocalResponseNorm(3, alpha=0.5)
        self.layer = nn.LayerNorm([6, 5, 5])
        self.head = nn.Linear(150, 10)

    def forward(self, x):
        x = torch.tanh(self.group(self.conv1(x)))
        x = self.local(self.instance(self.conv2(x)))
        x = self.layer(F.avg_pool2d(x, 2))
        return self.head(F.normalize(x.flatten(1), dim=1)) * 4


class UNet(nn.Module):
    """Down by pooling, up by ConvTranspose, nearest, bilinear and bicubic resizing and pixel shuffling, with skips."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, 1, 1)
        self.second = nn.Conv2d(4, 8, 3, 1, 1)
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)
        self.up3 = nn.ConvTranspose2d(8, 4, 3, 2, 1, 1)
        self.join = nn.Conv2d(14, 4, 3, 2)
        self.head = nn.Linear(4 * 13 * 13, 10)

    def forward(self, x):
        one = torch.tanh(self.first(x))
        two = torch.tanh(self.second(F.max_pool2d(one, 2)))
        up = self.up(two) + self.up3(two)
        near = F.interpolate(two[:, :2], scale_factor=2, mode='nearest')
        smooth = F.interpolate(two[:, 2:4], size=(28, 28), mode='bilinear', align_corners=False)
        cubic = F.interpolate(two[:, 4:5], size=(28, 28), mode='bicubic', align_corners=True)
        shuffled = F.pixel_shuffle(two[:, 4:8], 2)
        y = torch.tanh(self.join(torch.cat([one, up, near, smooth, cubic, shuffled], 1)))
        return self.head(y.flatten(1))


class SpatialTransformer(nn.Module):
    """Finds where to look, samples the image there, classifies what it sees."""

    def __init__(self):
        super().__init__()
        self.find = nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(49, 12), nn.Tanh(), nn.Linear(12, 6))
        ticks = torch.linspace(-1, 1, 14)
        down, across = torch.meshgrid(ticks, ticks, indexing='ij')
        self.register_buffer('places', torch.stack([across, down, torch.ones_like(down)], -1).reshape(1, 196, 3))
        self.register_buffer('still', torch.tensor([0.8, 0.1, 0.0, -0.1, 0.8, 0.0]))
        self.see = nn.Sequential(nn.Conv2d(1, 4, 3, 2), nn.Tanh(), nn.Flatten(), nn.Linear(144, 10))

    def forward(self, x):
        theta = (self.still + 0.3 * self.find(x)).reshape(-1, 2, 3)
        grid = torch.matmul(self.places, theta.transpose(1, 2)).reshape(-1, 14, 14, 2)
        return self.see(F.grid_sample(x, grid, mode='bilinear', padding_mode='zeros', align_corners=False))


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


def mobile():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.Hardswish(), InvertedResidual(8, 16), InvertedResidual(8, 16),
        nn.Conv2d(8, 16, 1), nn.Hardswish(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))


def smooth_activations():
    return nn.Sequential(
        nn.AvgPool2d(2), nn.Conv2d(1, 4, 3, 2), nn.PReLU(4, 0.3), nn.Conv2d(4, 4, 3), nn.ELU(0.7), nn.Flatten(),
        nn.Linear(64, 16), nn.SELU(), nn.Linear(16, 16), nn.Mish(), nn.Linear(16, 16), nn.Softplus(), nn.Linear(16, 16), nn.SiLU(),
        nn.Linear(16, 16), nn.Softsign(), nn.Linear(16, 16), nn.CELU(1.3), nn.Linear(16, 10))


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
    'mobile': (mobile, (1, 28, 28), 'inverted residuals: depthwise Conv, HardSwish, HardSigmoid gates (squeeze-excite), Clip (ReLU6)'),
    'vit': (Vit, (1, 28, 28), 'patches, class token, attention by Einsum and MatMul, LayerNormalization, GELU by Erf and by Tanh'),
    'norms': (Norms, (1, 28, 28), 'GroupNorm, InstanceNormalization, local response norm (with an If), LayerNormalization, L2 norm'),
    'smooth-activations': (smooth_activations, (1, 28, 28), 'PRelu, Elu, Selu, Mish, Softplus, SiLU, Softsign, Celu'),
    'unet': (UNet, (1, 28, 28), 'ConvTranspose, Resize nearest, linear and cubic, DepthToSpace, Slice, Concat'),
    'spatial-transformer': (SpatialTransformer, (1, 28, 28), 'GridSample of the image at a grid made from it'),
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
