// The content security policy of pages. A page's styles stay free: charts place their marks by `style` attributes, made of numbers,
// and no nonce reaches an attribute; React escapes whatever else stands in one.

/** `nonce` is new in each answer; in development React and the reloading of pages evaluate text. */
export function contentPolicy({ nonce, developing }: { nonce: string; developing: boolean }): string {
  return [
    "default-src 'self'",
    // What a script with the nonce loads may run, too: Next fetches the parts of a page so.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${developing ? " 'unsafe-eval'" : ''}`,
    // Threads run files of ours; the policy within one is that of its file (next.config.js).
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${developing ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
