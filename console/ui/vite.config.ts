import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockApi } from './mock/plugin.ts';

// `npm run dev` talks to a real console, `npm run mock` to the one in mock/.
export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === 'mock' ? [mockApi({})] : [])],
  server: {
    proxy:
      mode === 'mock'
        ? {}
        : { '/api': { target: process.env.MARGAY_URL ?? 'http://127.0.0.1:8088', changeOrigin: true } },
  },
  build: {
    target: 'es2023',
    // The page is served by Margay itself on a local network: one small file of each kind is best.
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  test: { include: ['src/**/*.test.ts'] },
}));
