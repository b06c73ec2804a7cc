// Which of the files that somebody drops belong together as one model. Goes by names alone; pure.

/** `path` has the folders it was dropped with, parted by slashes. */
export type Picked = { name: string; path: string };

/** `leftOut`: files beside a model that are no part of one. */
export type Grouped<T> = { models: T[][]; leftOut: T[] };

const litter = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;
/** A file that is a model, or has the graph of one. */
const head = /\.(onnx|keras|h5|hdf5|zip)$/i;
/** What lies beside models and is never a part of one. */
const bystander = /\.(py|ipynb|txt|md|csv|log|pdf|png|jpe?g|gif|svg|ya?ml|toml|html?|pt|pth|ckpt|pkl|npz|npy|safetensors|tflite)$/i;

/**
 * Models are looked for folder by folder: a file that is one by its name takes the files whose names begin with its own, and all that is
 * left when it is the only one there. Without any, each file that was chosen by itself is taken for a model, and a folder for one.
 */
export function grouped<T extends Picked>(picked: readonly T[]): Grouped<T> {
  const files = picked.filter(({ path }) => !litter.test(path));
  const folderOf = ({ path }: Picked) => path.slice(0, path.lastIndexOf('/') + 1);
  const folders = new Set(files.map(folderOf));
  const perFolder = [...folders].map((folder) => groupedIn(files.filter((file) => folderOf(file) === folder)));
  const models = perFolder.flatMap((each) => each.models);
  const leftOut = perFolder.flatMap((each) => each.leftOut);
  if (models.length > 0) return { models, leftOut };
  const [loose, inFolders] = [leftOut.filter(({ path }) => !path.includes('/')), leftOut.filter(({ path }) => path.includes('/'))];
  return { models: [...loose.map((file) => [file]), ...(inFolders.length > 0 ? [inFolders] : [])], leftOut: [] };
}

function groupedIn<T extends Picked>(files: readonly T[]): Grouped<T> {
  const heads = files.filter((file) => isHead(file, files));
  const models = new Map(heads.map((file) => [file, [file]]));
  const leftOut: T[] = [];
  for (const file of files.filter((each) => !models.has(each))) {
    const owner = bystander.test(file.name) ? undefined : ownerOf(file, heads);
    if (owner) models.get(owner)!.push(file);
    else leftOut.push(file);
  }
  return { models: [...models.values()], leftOut };
}

/** A JSON file is one when it lies beside weights, or alone. */
function isHead({ name }: Picked, files: readonly Picked[]): boolean {
  if (head.test(name)) return true;
  return /\.json$/i.test(name) && (name === 'model.json' || files.length === 1 || files.some((other) => /\.bin$/i.test(other.name)));
}

function ownerOf<T extends Picked>({ name }: T, heads: readonly T[]): T | undefined {
  const stem = (text: string) => text.replace(/\.[^.]*$/, '');
  const named = heads.filter((each) => name.startsWith(stem(each.name))).toSorted((a, b) => b.name.length - a.name.length)[0];
  return named ?? (heads.length === 1 ? heads[0] : undefined);
}
