// Security headers live here and not in proxy.ts: a proxy that matches an upload route cuts bodies at 10 MB.
/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  serverExternalPackages: ['postgres', 'graphile-worker', '@node-rs/argon2', 'onnxruntime-node', 'pino', 'tsx'],
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'same-origin' },
        ],
      },
    ];
  },
};

export default config;
