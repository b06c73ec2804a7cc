// Next's settings and the security headers, which live here and not in proxy.ts: a proxy that matches an upload route cuts bodies at 10 MB.
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

/**
 * Next writes its own inline scripts and styles, so those stay allowed; everything else comes from here or not at all. `more` is
 * what scripts may do besides.
 */
const contentPolicy = (developing, more = '') =>
  [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${developing ? " 'unsafe-eval'" : ''}${more}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${developing ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** @returns {import('next').NextConfig} */
const config = (phase) => ({
  poweredByHeader: false,
  // `next dev` would write instruction files into the repository.
  agentRules: false,
  // `npm test` checks the types of the whole project, once; a site that starts need not wait for that.
  typescript: { ignoreBuildErrors: true },
  // forbidden(): a page that is not yours answers 403, not 200 with an apology.
  experimental: { authInterrupts: true },
  serverExternalPackages: ['postgres', 'graphile-worker', '@node-rs/argon2', 'onnxruntime-node', 'pino', 'tsx', 'busboy', 'prom-client'],
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'Content-Security-Policy', value: contentPolicy(phase === PHASE_DEVELOPMENT_SERVER) },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'same-origin' },
        ],
      },
      {
        // A thread obeys the policy of its own script: those that run a model in the browser compile WebAssembly, no page does.
        source: '/_next/static/:path*',
        headers: [{ key: 'Content-Security-Policy', value: contentPolicy(phase === PHASE_DEVELOPMENT_SERVER, " 'wasm-unsafe-eval'") }],
      },
    ];
  },
});

export default config;
