// Next's settings and the headers of every answer. Pages have their content security policy from proxy.ts, which gives each a nonce.
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

const policyOf = (scripts) =>
  [
    "default-src 'self'",
    `script-src ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Nothing that the API answers is a page. */
const ofData = policyOf("'none'");
/** A thread obeys the policy of its own file: those that run a model in the browser compile WebAssembly, no page does. */
const ofThreads = (developing) => policyOf(`'self' 'wasm-unsafe-eval'${developing ? " 'unsafe-eval'" : ''}`);

const forAll = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()',
};

const headersOf = (source, headers) => ({ source, headers: Object.entries(headers).map(([key, value]) => ({ key, value })) });

/** @returns {import('next').NextConfig} */
const config = (phase) => ({
  poweredByHeader: false,
  // `next dev` would write instruction files into the repository.
  agentRules: false,
  // `npm test` checks the types of the whole project, once; a site that starts need not wait for that.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // forbidden(): a page that is not yours answers 403, not 200 with an apology.
    authInterrupts: true,
    // Of what a page is sent, held in memory before anybody asks who sends it: a server action takes 1 MB.
    proxyClientMaxBodySize: '2mb',
  },
  serverExternalPackages: ['postgres', 'graphile-worker', '@node-rs/argon2', 'onnxruntime-node', 'pino', 'tsx', 'busboy', 'prom-client'],
  // What proxy.ts leaves out has its policy here, and nothing has two: they would add up.
  async headers() {
    return [
      headersOf('/:path*', forAll),
      headersOf('/api/:path+', { 'Content-Security-Policy': ofData }),
      headersOf('/challenges/:slug/submit/upload', { 'Content-Security-Policy': ofData }),
      headersOf('/_next/static/:path*', { 'Content-Security-Policy': ofThreads(phase === PHASE_DEVELOPMENT_SERVER) }),
    ];
  },
});

export default config;
