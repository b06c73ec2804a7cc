// Writes docs/train-and-submit.ipynb from the lines that pages and refusals show: `npx tsx tests/reference/make_notebook.ts`.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pytorchSnippet } from '../../lib/formats/problem.ts';
import { formats } from '../../lib/training-data/formats.ts';
import { kindOfImage, pytorchLoad, pytorchLoader } from '../../lib/training-data/snippets.ts';

export const notebookPath = fileURLToPath(new URL('../../docs/train-and-submit.ipynb', import.meta.url));

type Cell = { cell_type: 'markdown' | 'code'; source: string };
const text = (source: string): Cell => ({ cell_type: 'markdown', source });
const code = (source: string): Cell => ({ cell_type: 'code', source });

const indented = (lines: string) => lines.replaceAll(/^(?=.)/gm, '    ');

const model = `from torch import nn

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
model = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10),   # logits
).to(device)`;

const training = `epochs = 5
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_of = nn.CrossEntropyLoss()
model.train()
for epoch in range(epochs):
    correct = seen = 0
    for image, label in loader:
        image, label = image.to(device), label.to(device)
        logits = model(image)
        loss = loss_of(logits, label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        correct += (logits.argmax(1) == label).sum().item()
        seen += len(label)
    print(f"epoch {epoch + 1}: {correct / seen:.1%} of the training images are right")`;

const exporting = `model = model.cpu().eval()
if tuple(int(part) for part in torch.__version__.split(".")[:2]) < (2, 9):
${indented(pytorchSnippet)}
else:   # pip install onnx onnxscript
    torch.onnx.export(model, (torch.zeros(2, 1, 28, 28),), "model.onnx", dynamo=True, external_data=False,
                      input_names=["image"], output_names=["logits"],
                      dynamic_shapes=({0: torch.export.Dim("batch")},))`;

const cells: readonly Cell[] = [
  text(`# Train, export, measure, submit

From a challenge's perturbed training set to a row on its board. Needs PyTorch and NumPy, and \`npx gauntlet\`, which works below
the folder of this project after \`npm ci\`.`),
  text(`## 1. The data

The 60,000 training images, each under one of the challenge's perturbations. The challenge's page *Training data* gives the same
file; with \`--url\` or \`GAUNTLET_URL\` the site is asked what the set is made of.`),
  code(`!npx gauntlet dataset --challenge fashion-mnist --out ${formats.npz.file}`),
  code(pytorchLoad),
  code(`${kindOfImage}
for kind, count in zip(*np.unique(kinds, return_counts=True)):
    print(f"{kind:15} {count}")`),
  code(pytorchLoader),
  text(`## 2. The model

Pixels go in from 0 to 1, ten logits come out in FashionMNIST's class order. A model that wants its pixels otherwise says so when it
is submitted: \`--scale\`, \`--mean\`, \`--deviation\`.`),
  code(model),
  code(training),
  text(`## 3. Export

The batch size must stay free. PyTorch 2.9 has another exporter than those before it.`),
  code(exporting),
  text(`## 4. Measure it here

As the board does, but under a seed of your own: other images, and so slightly other figures. \`--protocol gauntlet-v1\` is the whole
of it.`),
  code('!npx gauntlet evaluate model.onnx --protocol quick --seed notebook'),
  text(`## 5. Submit

With the address of the site and a token from your account page there. \`--wait\` stays until the score is known.`),
  code(`import os

os.environ.setdefault("GAUNTLET_URL", "https://gauntlet.example.org")
os.environ.setdefault("GAUNTLET_TOKEN", "...")
!npx gauntlet submit model.onnx --name "CNN of the notebook" --wait`),
];

/** A cell as nbformat 4.5 wants it, without output; its id follows from its content. */
function written({ cell_type, source }: Cell): object {
  const id = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const lines = source.split(/(?<=\n)/);
  return cell_type === 'code'
    ? { cell_type, execution_count: null, id, metadata: {}, outputs: [], source: lines }
    : { cell_type, id, metadata: {}, source: lines };
}

/** The file's content. */
export function notebook(): string {
  const metadata = { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' }, language_info: { name: 'python' } };
  return `${JSON.stringify({ cells: cells.map(written), metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(notebookPath, notebook());
