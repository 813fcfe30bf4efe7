import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { configDefaults, defineConfig as withTests, mergeConfig } from 'vitest/config';

const OUT = fileURLToPath(new URL('../src/plaudit/web/dashboard', import.meta.url));
const SERVER = process.env.PLAUDIT_URL ?? 'http://127.0.0.1:8000';

/** Lays a .br and a .gz beside every text file of the build, so that the server compresses nothing. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(OUT, { recursive: true, withFileTypes: true })) {
        if (!/\.(js|css|html|svg|json)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const text = readFileSync(path);
        const hints = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
        writeFileSync(`${path}.br`, brotliCompressSync(text, { params: hints }));
        writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

const app = defineConfig({
  plugins: [react(), tailwindcss(), compressed()],
  resolve: {
    alias: [
      { find: '@', replacement: fileURLToPath(new URL('src', import.meta.url)) },
      // The original writes <style> elements, which the server's content security policy forbids.
      {
        find: /^react-remove-scroll$/,
        replacement: fileURLToPath(new URL('src/lib/remove-scroll.tsx', import.meta.url)),
      },
    ],
  },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first that know light-dark()
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/admin/v1': { target: SERVER, changeOrigin: false }, '/badges': SERVER },
  },
});

export default mergeConfig(
  app,
  withTests({
    test: {
      environment: 'jsdom',
      setupFiles: ['src/test/setup.ts'],
      exclude: [...configDefaults.exclude],
    },
  }),
);
