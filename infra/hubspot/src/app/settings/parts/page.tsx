// What every part of the page has at hand: the client, the texts, the host's actions.

import { createContext, useContext } from 'react';

import type { Client, Refusal } from '../api/client.ts';
import type { Texts } from '../texts/index.ts';

export interface Page {
  client: Client;
  texts: Texts;
  /** Our public address, without a slash at the end. */
  baseUrl: string;
  portal: number;
  /** Shows a message that goes away by itself. */
  tell(message: string, type?: 'success' | 'danger' | 'info'): void;
  /** Closes a dialog by its id. */
  close(overlay: string): void;
}

const PageContext = createContext<Page | null>(null);

export const PageProvider = PageContext.Provider;

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('this part stands outside the page');
  return page;
}

/** What a refusal says to the user. Where only the backend knows the reason, its sentence follows. */
export function explain(texts: Texts, refusal: Refusal): string {
  const own = texts.maybe(`code.${refusal.code}`);
  const said = texts.say(refusal.message, refusal.message_sv ?? null);
  return own === null ? said : own.replace('{message}', () => said);
}
