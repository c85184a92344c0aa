// HubSpot's own rules for pages (what its sandbox does not have), and ESLint's.

import js from '@eslint/js';
import { config as hubspotRules } from '@hubspot/eslint-config-ui-extensions';
import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

export default tseslint.config(
  { ignores: ['node_modules/', 'api/schema.ts'] },
  js.configs.recommended,
  tseslint.configs.strict,
  reactHooks.configs.flat.recommended,
  ...hubspotRules,
);
