import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: '/page/',
  resolve: {
    alias: { page: here('../../hubspot/src/app/settings/SettingsPage.tsx') },
    // The page stands elsewhere; it and this host share one of each, or neither would know the other's components.
    dedupe: ['react', 'react-dom', '@hubspot/ui-extensions', '@remote-ui/core', '@remote-ui/react'],
  },
  esbuild: { jsx: 'automatic' },
  build: { target: 'esnext', outDir: 'dist', emptyOutDir: true },
});
