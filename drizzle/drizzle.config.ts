// How drizzle-kit turns lib/db/schema.ts into the SQL migrations beside this file: `npm run db:generate`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './lib/db/schema.ts', out: './drizzle' });
