import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = join(here, 'dist');
const server = process.env['SAPA_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

/** Empties dist/ before a build but leaves the committed placeholder, which keeps `go build` working without npm. */
function sweep(): Plugin {
  return {
    name: 'sapa-sweep',
    apply: 'build',
    buildStart() {
      for (const name of readdirSync(out)) {
        if (name !== 'placeholder.html') rmSync(join(out, name), { recursive: true });
      }
    },
  };
}

export default defineConfig({
  base: '/console/',
  publicDir: false,
  plugins: [svelte(), sweep()],
  resolve: {
    alias: { $: join(here, 'src') },
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  build: { outDir: out, emptyOutDir: false, target: 'es2022', cssTarget: ['chrome123', 'firefox120', 'safari17.5'], assetsInlineLimit: 2048, modulePreload: { polyfill: false } },
  server: {
    proxy: {
      '/api': server,
      '/ws': { target: server.replace('http', 'ws'), ws: true },
    },
  },
  test: { include: ['src/**/*.test.ts', 'widget/**/*.test.ts'], environment: 'node' },
});
