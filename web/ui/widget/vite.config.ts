import { fileURLToPath, URL } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds the chat window into one script, dist/widget.js, that any page may embed. */
export default defineConfig({
  root: here,
  publicDir: false,
  build: {
    outDir: `${here}../dist`,
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: false,
    lib: { entry: `${here}main.ts`, formats: ['iife'], name: 'SapaWidget', fileName: () => 'widget.js' },
  },
});
