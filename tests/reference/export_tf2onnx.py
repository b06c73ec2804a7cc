"""Converts Keras models to ONNX with tf2onnx, as students do whose models hold code (Lambda, layers of their own, recurrent layers),
and notes TensorFlow's own output and input gradient of the first four FashionMNIST test images.

Made tests/reference/exported/tf2onnx. Run once with Keras 3 and once with Keras 2, for which tf2onnx writes different graphs:
    pip install tf2onnx==1.17.0 tensorflow-cpu==2.21.0 keras==3.15.1     (or: tensorflow-cpu==2.15.1)
    FASHION_MNIST_DIR=... python tests/reference/export_tf2onnx.py tests/reference/exported/tf2onnx
Files are named <keras version>-<model>.onnx; expected.json holds `labels` [4] and for each file `output` [4, 10] and `gradient` [4, 784],
d(sum over images of cross-entropy)/d(pixel), as little-endian float32 in hexadecimal.
"""
import gzip
import json
import os
import pathlib
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ['TF_ENABLE_ONEDNN_OPTS'] = '0'

import keras
import numpy as np
import tensorflow as tf
import tf2onnx

layers = keras.layers
data = pathlib.Path(os.environ.get('FASHION_MNIST_DIR', '/usr/share/datasets/fashion-mnist'))


def read(name, header):
    with gzip.open(data / name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


pixels = (read('t10k-images-idx3-ubyte.gz', 16)[: 4 * 784] / np.float32(255)).astype('float32')
labels = read('t10k-labels-idx1-ubyte.gz', 8)[:4].astype('int32')


class Gate(layers.Layer):
    """A layer of the student's own, as in their notebooks."""

    def build(self, shape):
        self.weight = self.add_weight(name='weight', shape=(shape[-1],), initializer='random_normal')

    def call(self, x):
        return x * tf.math.sigmoid(x * self.weight) + tf.reduce_mean(x, axis=[1, 2], keepdims=True)


def cnn():
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Rescaling(2.0, -1.0),
        layers.Conv2D(6, 3, strides=2, padding='same', use_bias=False), layers.BatchNormalization(), layers.ReLU(),
        layers.DepthwiseConv2D(3, padding='same', activation='swish'), layers.MaxPooling2D(2),
        layers.SeparableConv2D(4, 3, padding='same', activation='gelu'), layers.Dropout(0.3),
        layers.Flatten(), layers.Dense(10, activation='softmax'),
    ])


def own():
    """Lambda, a layer of one's own, bilinear enlarging and pooling of odd sizes."""
    image = keras.Input((28, 28, 1))
    x = layers.Lambda(lambda x: tf.image.resize(x, (15, 15), antialias=False))(image)
    x = Gate()(layers.Conv2D(4, 3, activation='leaky_relu' if keras.__version__ >= '3' else tf.nn.leaky_relu)(x))
    x = layers.UpSampling2D(2, interpolation='bilinear')(x)
    x = layers.Conv2DTranspose(3, 3, strides=2, padding='same')(x)
    x = layers.AveragePooling2D(5, strides=4, padding='same')(tf.nn.relu6(x) if keras.__version__ < '3' else layers.ReLU(6.0)(x))
    return keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


def recurrent():
    """Rows as a sequence: LSTM both ways, then a GRU, which only Keras 2 gets into an operator of its own: from Keras 3 it would be a Loop."""
    image = keras.Input((28, 28))
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(image)
    return keras.Model(image, layers.Dense(10)(layers.GRU(4, unroll=keras.__version__ >= '3')(x)))


def attention():
    """A small vision transformer of keras.layers."""
    image = keras.Input((28, 28, 1))
    x = layers.Reshape((16, 8))(layers.Conv2D(8, 7, strides=7)(image))
    normal = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Add()([x, layers.MultiHeadAttention(2, 4)(normal, normal)])
    x = layers.Add()([x, layers.Dense(8, activation='gelu')(layers.LayerNormalization(epsilon=1e-6)(x))])
    return keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling1D()(x)))


def mlp():
    return keras.Sequential([
        keras.Input((784,)), layers.Dense(8, activation='selu'), layers.PReLU(), layers.Dense(8, activation='mish' if keras.__version__ >= '3' else 'elu'),
        layers.Dense(10, activation=tf.nn.log_softmax),
    ])


def scrambled(model, seed):
    """Weights and statistics that no initialiser gives."""
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        value = np.asarray(variable)
        if value.dtype != np.float32:
            continue
        noise = rng.normal(0, 0.1, value.shape)
        variable.assign((np.abs(value) + np.abs(noise) if 'variance' in variable.name else value + noise).astype('float32'))
    return model


def packed(array):
    return np.ascontiguousarray(array, '<f4').tobytes().hex()


def answers(model):
    x = tf.Variable(pixels.reshape((4,) + tuple(model.input_shape[1:])))
    with tf.GradientTape() as tape:
        out = model(x, training=False)
        probabilities = np.allclose(out.numpy().sum(1), 1, atol=1e-5)
        loss = keras.losses.sparse_categorical_crossentropy(labels, out, from_logits=not probabilities)
    return {'output': packed(out), 'gradient': packed(tape.gradient(loss, x).numpy().reshape(4, 784))}


def convert(model, path):
    """Keras 3 calls tf2onnx itself, whose own from_keras is for Keras 2."""
    if keras.__version__ >= '3':
        model.export(path, format='onnx', verbose=False)
    else:
        signature = (tf.TensorSpec((None,) + tuple(model.input_shape[1:]), tf.float32, name='image'),)
        tf2onnx.convert.from_keras(model, input_signature=signature, opset=17, output_path=path)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, 'expected.json')
    expected = json.load(open(path)) if os.path.exists(path) else {'labels': labels.tolist(), 'models': {}}
    for seed, make in enumerate([cnn, own, recurrent, attention, mlp]):
        keras.utils.set_random_seed(seed)
        model = scrambled(make(), seed)
        name = f"keras{'.'.join(keras.__version__.split('.')[:2])}-{make.__name__}"
        expected['models'][name] = answers(model)
        convert(model, os.path.join(folder, f'{name}.onnx'))
    json.dump(expected, open(path, 'w'), indent=1, sort_keys=True)


main(sys.argv[1])
