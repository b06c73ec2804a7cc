// The lines that load a training set, one text for pages, README and notebook. Knows nothing but the files' names and arrays.

/** The lab's dictionary, for N = 60,000. */
export const pytorchLoad = `import numpy as np
import torch

arrays = np.load("perturbed-train.npz")
data = {"images": torch.tensor(arrays["images"])[:, None],   # uint8 [N, 1, 28, 28]
        "labels": torch.tensor(arrays["labels"]).long()}     # int64 [N]
torch.save(data, "perturbed_train.pt")

data = torch.load("perturbed_train.pt")
images = data["images"].float() / 255.0
labels = data["labels"]`;

/** Goes on from `pytorchLoad`. */
export const pytorchLoader = `from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(images, labels), batch_size=128, shuffle=True)
image, label = next(iter(loader))   # float32 [128, 1, 28, 28] in [0, 1], int64 [128]`;

export const kerasLoad = `import numpy as np

arrays = np.load("perturbed-train.npz")
data = {"images": arrays["images"][..., None],        # uint8 [N, 28, 28, 1]
        "labels": arrays["labels"].astype("int64")}   # int64 [N]
images = data["images"].astype("float32") / 255.0
labels = data["labels"]
# model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
# model.fit(images, labels, batch_size=128, epochs=10)`;

export const torchvisionLoad = `from torchvision.datasets.mnist import read_image_file, read_label_file

images = read_image_file("train-images-idx3-ubyte").float() / 255.0   # [N, 28, 28]
labels = read_label_file("train-labels-idx1-ubyte")                   # int64 [N]`;

/** Which perturbation an image got. Goes on from any line that opens \`arrays\`. */
export const kindOfImage = `kinds = arrays["kinds"][arrays["perturbation"]]   # the name, for each image
rotated = np.flatnonzero((kinds == "rotate") & (arrays["severity"] >= 4))`;
