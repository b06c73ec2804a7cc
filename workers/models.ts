// The models a worker ran last, so that an evaluation's shards fetch theirs once.

const kept = 4;

/** A fetch that remembers the last few answers. A failed one is not remembered. */
export function modelCache(fetch: (sha256: string) => Promise<Uint8Array>): (sha256: string) => Promise<Uint8Array> {
  const models = new Map<string, Promise<Uint8Array>>();
  return (sha256) => {
    const model = models.get(sha256) ?? fetch(sha256);
    // A map keeps the order of insertion: the newest goes to the end, the oldest leaves.
    models.delete(sha256);
    models.set(sha256, model);
    model.catch(() => models.delete(sha256));
    for (const oldest of models.keys()) if (models.size > kept) models.delete(oldest);
    return model;
  };
}
