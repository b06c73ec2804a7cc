// The network address of whoever asks, as arrivals.ts wrote it.

/** Empty where nobody knows. The last entry is the one that we or our own proxy wrote; any before it are the asker's claim. */
export const callerOf = (headers: Headers): string => (headers.get('x-forwarded-for') ?? '').split(',').at(-1)!.trim().slice(0, 100);
