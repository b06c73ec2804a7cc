/** Path of a Chromium executable, installed when there is none. Ends the process with what was tried when that fails. */
export function ensureChromium(): Promise<string>;
