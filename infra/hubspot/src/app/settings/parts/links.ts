// Where the page leads to.

import type { Language } from '../texts/index.ts';

/** Pages of the user guide, by what they are about. That there are such pages is tested by `infra/local/src/guide`. */
const PAGES = {
  home: '',
  terms: 'terms',
  client: 'clients',
  invoice: 'invoices',
  agreement: 'agreements',
  product: 'products',
  line_item: 'line-items',
  project: 'projects',
  mappings: 'field-mappings',
  status: 'status',
  problems: 'problems#records',
  payments: 'payments',
} as const;

export type GuidePage = keyof typeof PAGES;

/** The user guide, in the language of the page. */
export function guide(baseUrl: string, language: Language, about: GuidePage = 'home'): string {
  const page = PAGES[about];
  return page === '' ? `${baseUrl}/docs/${language}` : `${baseUrl}/docs/${language}/${page}`;
}

/** HubSpot's consent page, for an account that connects again. */
export function reconnect(baseUrl: string): string {
  return `${baseUrl}/oauth/start`;
}
