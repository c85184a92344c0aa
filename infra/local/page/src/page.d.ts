// The settings page itself (see vite.config.ts). It is only run: what it offers, it offers through `hubspot.extend`.
declare module 'page';
