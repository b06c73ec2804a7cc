// What a browser must have for models to run in it.

/** Throws an Error for a browser that cannot run a model, with what to do about it. */
export function checkSupport(): void {
  const missing = [typeof WebAssembly === 'undefined' && 'WebAssembly', typeof Worker === 'undefined' && 'threads (Web Workers)'].filter(Boolean);
  if (missing.length === 0) return;
  throw new Error(
    `This browser has no ${missing.join(' and no ')}, with which the page runs models. Any current browser has it; some turn it off in a strict ` +
      'security mode, which can be lifted for this site.',
  );
}
