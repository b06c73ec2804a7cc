// Runs any number of rows through something that takes exactly one batch at a time. Knows no runtime.

/** An input: its name, its rows one after another, and the elements of a row. */
export type Feed = readonly [name: string, data: Float32Array, width: number];
/** An output: its name and the elements of a row. */
export type Fetch = readonly [name: string, width: number];

/**
 * Cuts rows into batches, the last one padded, and puts the results together.
 * @param once takes one batch of every feed and gives one batch of every fetch.
 * Throws RangeError when a feed has other than `rows` rows.
 */
export async function inBatches(
  rows: number,
  batch: number,
  feeds: readonly Feed[],
  fetches: readonly Fetch[],
  once: (parts: Float32Array[]) => Promise<readonly Float32Array[]>,
): Promise<Float32Array[]> {
  for (const [name, data, width] of feeds) {
    if (data.length === rows * width) continue;
    throw new RangeError(`${name} for ${rows} rows needs ${rows * width} numbers; got ${data.length}.`);
  }
  const results = fetches.map(([, width]) => new Float32Array(rows * width));
  for (let from = 0; from < rows; from += batch) {
    const outputs = await once(feeds.map(([, data, width]) => batchFrom(data, width, from, batch)));
    fetches.forEach(([, width], i) => {
      results[i].set(outputs[i].subarray(0, (Math.min(rows, from + batch) - from) * width), from * width);
    });
  }
  return results;
}

/** Rows [from, from + batch), the last one repeated where there are no more: any real row keeps the arithmetic ordinary. */
function batchFrom(data: Float32Array, width: number, from: number, batch: number): Float32Array {
  const end = (from + batch) * width;
  if (end <= data.length) return data.subarray(from * width, end);
  const padded = new Float32Array(batch * width);
  padded.set(data.subarray(from * width));
  for (let at = data.length - from * width; at < padded.length; at += width) padded.set(data.subarray(data.length - width), at);
  return padded;
}
