"""Makes tests/reference/exported/keras and tfjs: small models saved by Keras 3, Keras 2 (tf_keras) and the TensorFlow.js
converter, with the logits and input gradients TensorFlow gives for the first four FashionMNIST test images. The .keras and .h5 files
are kept gzipped.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 tf_keras==2.21.0; pip install --no-deps tensorflowjs==4.22.0
    FASHION_MNIST_DIR=... python tests/reference/export_keras.py

Gradients are d(sum over images of cross-entropy)/d(pixel); arrays are little-endian float32 in hexadecimal.
"""
import gzip, json, os, pathlib, sys, tempfile, unittest.mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
# The converter imports these without need for a Keras model.
for unneeded in ("tensorflow_hub", "tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf"):
    sys.modules[unneeded] = unittest.mock.MagicMock()

import keras
import numpy as np
import tensorflow as tf
import tf_keras
import tensorflowjs.converters.converter as tfjs_converter
from tensorflowjs.converters.keras_tfjs_loader import load_keras_model

exported = pathlib.Path(__file__).resolve().parent / "exported"
folder = exported / "keras"
tfjs = exported / "tfjs"
data = pathlib.Path(os.environ.get("FASHION_MNIST_DIR", "/usr/share/datasets/fashion-mnist"))


def read(name, header):
    with gzip.open(data / name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


pixels = (read("t10k-images-idx3-ubyte.gz", 16)[: 4 * 784] / np.float32(255)).astype("float32").reshape(4, 784)
labels = read("t10k-labels-idx1-ubyte.gz", 8)[:4].astype("int32")


def cnn(k):
    """Strides and odd sizes under both paddings, dilation, groups, Flatten of a real [H, W, C], a final softmax."""
    layers = k.layers
    return k.Sequential([
        k.Input((28, 28, 1)),
        layers.Conv2D(4, 5, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(max_value=6.0),
        layers.Conv2D(6, (3, 2), strides=(2, 1), padding="same", activation="elu"),
        layers.SpatialDropout2D(0.2),
        layers.AveragePooling2D(3, strides=2, padding="same"),
        layers.Conv2D(4, 2, dilation_rate=2, groups=2),
        layers.BatchNormalization(scale=False, epsilon=0.01),
        layers.LeakyReLU(0.1),
        layers.MaxPooling2D((2, 1), strides=1, padding="same"),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(12, activation="tanh"),
        layers.GaussianNoise(0.1),
        layers.Dense(10, activation="softmax"),
    ])


def branches(k, operations):
    """A shared submodel, every merging layer, squeeze and excite, separable and depthwise convolutions."""
    layers = k.layers
    block = k.Sequential([k.Input((14, 14, 4)), layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization()], name="block")
    image = k.Input((28, 28, 1))
    stem = layers.SeparableConv2D(4, 3, strides=2, padding="same", depth_multiplier=3, activation="swish")(image)
    deep = layers.DepthwiseConv2D(4, strides=2, padding="same", depth_multiplier=4, activation="softplus")(image)
    one, two = block(stem), block(deep)
    sums = layers.Add()([one, two, stem])
    gate = layers.GlobalAveragePooling2D()(sums)
    gate = layers.Dense(4, activation="sigmoid")(layers.Dense(2, activation="relu")(gate))
    gate = layers.Reshape((1, 1, 4))(gate)
    x = layers.Multiply()([sums, gate])
    x = layers.Concatenate()([layers.Maximum()([x, one]), layers.Minimum()([x, two]), layers.Average()([one, two, x])])
    x = layers.Subtract()([x, layers.Conv2D(12, 1)(x)])
    if operations:
        x = x + layers.Activation("tanh")(x)
        x = x / 3.0 - 0.25
    pooled = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)])
    return k.Model(image, layers.Dense(10)(pooled))


names = ["linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "swish", "softplus", "softsign", "hard_sigmoid",
         "exponential", "mish", "leaky_relu", "relu6"]


def activations(k):
    """Every activation by name and as a layer; images without a channel axis."""
    layers = k.layers
    image = k.Input((28, 28))
    flat = layers.Dense(12, activation="tanh")(layers.Flatten()(image))
    by_name = [layers.Dense(3, activation=name)(flat) for name in names]
    as_layer = [layers.ReLU(negative_slope=0.2, max_value=0.4), layers.ReLU(threshold=0.1), layers.ELU(0.7), layers.PReLU(),
                layers.Softmax(), layers.LeakyReLU(), layers.Activation("silu" if k is keras else "swish")]
    by_layer = [layer(layers.Dense(3)(flat)) for layer in as_layer]
    return k.Model(image, layers.Dense(10)(layers.Concatenate()(by_name + by_layer)))


def shapes(k):
    """Transposed convolutions, padding, cropping, repeating, permuting; normalisation over other axes."""
    layers = k.layers
    return k.Sequential([
        k.Input((784,)),
        layers.Reshape((28, -1, 1)),
        layers.ZeroPadding2D(((1, 0), (2, 1))),
        layers.Cropping2D(((0, 2), (1, 3))),
        layers.MaxPooling2D(3),
        layers.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu"),
        layers.PReLU(shared_axes=[1, 2]),
        layers.Conv2DTranspose(2, 2, strides=3, padding="valid"),
        layers.AveragePooling2D(4),
        layers.Conv2DTranspose(2, 4, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(axis=1),
        layers.UpSampling2D((2, 1)),
        layers.AveragePooling2D((4, 3), padding="same"),
        layers.LayerNormalization(),
        layers.Permute((2, 3, 1)),
        layers.LayerNormalization(axis=[1, 2, 3]),
        layers.Softmax(axis=1),
        layers.Flatten(),
        layers.Dense(10),
    ])


def preprocessing(k):
    """What stands before a network: scaling, augmentation, learned statistics; Dense along the last axis of a sequence."""
    layers = k.layers
    normalise = layers.Normalization(axis=-1)
    normalise.adapt(pixels.reshape(4, 28, 28, 1) * 2 - 1)
    return k.Sequential([
        k.Input((28, 28, 1)),
        layers.Rescaling(2.0, offset=-1.0),
        normalise,
        layers.Normalization(axis=None, mean=0.5, variance=4.0),
        layers.Resizing(28, 28),
        layers.RandomFlip("horizontal"),
        layers.RandomRotation(0.1),
        layers.RandomTranslation(0.1, 0.1),
        layers.Reshape((28, 28)),
        layers.Dense(4, activation="relu"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(10, activation="log_softmax" if k is keras else None),
    ])


def resized(k):
    """Pixels between pixels, and transposed convolutions that say their output's size."""
    layers = k.layers
    return k.Sequential([
        k.Input((28, 28, 1)),
        layers.AveragePooling2D(4),
        layers.UpSampling2D((2, 3), interpolation="bilinear"),
        layers.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1, activation="tanh"),
        layers.MaxPooling2D(3),
        layers.Conv2DTranspose(2, (3, 2), strides=(3, 2), padding="valid", output_padding=(1, 0)),
        layers.Conv2DTranspose(2, 4, strides=3, padding="same", output_padding=2),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10),
    ])


def scrambled(model, seed):
    """Weights and statistics that no initialiser gives, so that none can be mixed up unnoticed."""
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        if any(kept in variable.name for kept in ("count", "seed")) or variable.name.startswith(("mean", "variance")):
            continue
        value = np.asarray(variable)
        noise = rng.normal(0, 0.1, value.shape)
        variable.assign((np.abs(value) + np.abs(noise) if "variance" in variable.name else value + noise).astype("float32"))
    return model


def packed(array):
    return np.ascontiguousarray(array, "<f4").tobytes().hex()


def expected(model):
    x = tf.Variable(pixels.reshape((4,) + tuple(model.input_shape[1:])))
    with tf.GradientTape() as tape:
        out = model(x, training=False)
        probabilities = np.allclose(out.numpy().sum(1), 1, atol=1e-5)
        loss = (tf.keras.losses.sparse_categorical_crossentropy(labels, out, from_logits=not probabilities))
    gradient = tape.gradient(loss, x).numpy().reshape(4, 784)
    return {"output": packed(out), "gradient": packed(gradient)}


def convert(source, name, *options):
    tfjs_converter.convert(["--input_format=keras", *options, str(source), str(tfjs / name)])


folder.mkdir(parents=True, exist_ok=True)
tfjs.mkdir(parents=True, exist_ok=True)
values = {"labels": labels.tolist(), "models": {}}
for seed, (name, make) in enumerate({
    "cnn": cnn, "branches": lambda k: branches(k, k is keras), "activations": activations, "shapes": shapes, "preprocessing": preprocessing,
}.items()):
    keras.utils.set_random_seed(seed)
    model = scrambled(make(keras), seed)
    values["models"][name] = expected(model)
    model.save(folder / f"{name}.keras")
    if name in ("branches", "preprocessing"):
        model.save(folder / f"{name}.h5")

keras.utils.set_random_seed(7)
for name, make in {"old-activations": activations, "old-branches": lambda k: branches(k, False)}.items():
    model = scrambled(make(tf_keras), 8)
    values["models"][name] = expected(model)
    model.save(folder / f"{name}.h5")
    if name == "old-branches":
        model.save(folder / f"{name}.keras")
        convert(folder / f"{name}.h5", "old-branches", "--weight_shard_size_bytes=2000")

model = scrambled(cnn(tf_keras), 9)
values["models"]["old-cnn"] = expected(model)
with tempfile.TemporaryDirectory() as aside:
    model.save(f"{aside}/old-cnn.h5")
    convert(f"{aside}/old-cnn.h5", "old-cnn")

model = scrambled(resized(keras), 10)
values["models"]["resized"] = expected(model)
model.save(folder / "resized.keras")
model = scrambled(resized(tf_keras), 11)
values["models"]["old-resized"] = expected(model)
model.save(folder / "old-resized.h5")

# In float32 from the stored weights, as Gauntlet computes: only the policy is another.
keras.config.set_dtype_policy("mixed_float16")
mixed = scrambled(cnn(keras), 12)
mixed.save(folder / "mixed.keras")
keras.config.set_dtype_policy("float32")
model = cnn(keras)
model.set_weights(mixed.get_weights())
values["models"]["mixed"] = expected(model)

# What the converter rounds, it also reads back.
model = scrambled(cnn(tf_keras), 13)
with tempfile.TemporaryDirectory() as aside:
    model.save(f"{aside}/cnn.h5")
    for kind in ("uint8", "uint16", "float16"):
        convert(f"{aside}/cnn.h5", f"rounded-{kind}", f"--quantize_{kind}=*")
        tf_keras.backend.clear_session()
        values["models"][f"rounded-{kind}"] = expected(load_keras_model(tfjs / f"rounded-{kind}" / "model.json"))
# Tiny weights leave HDF5 files mostly empty.
for file in [*folder.glob("*.keras"), *folder.glob("*.h5")]:
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    file.unlink()
(folder / "expected.json").write_text(json.dumps(values, indent=1) + "\n")
