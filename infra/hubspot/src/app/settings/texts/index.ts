// The texts of the page in the user's language, and how that language writes numbers and moments.

import { en } from './en.ts';
import { labelsSv } from './labels.sv.ts';
import { sv } from './sv.ts';

export type Key = keyof typeof en;
export type Language = 'en' | 'sv';
type Values = Record<string, string | number>;

const ALL: Record<Language, Record<Key, string>> = { en, sv };

export interface Texts {
  language: Language;
  /** A text with its `{places}` filled. */
  t(key: Key, values?: Values): string;
  /** A text whose key is made of something the backend said; null if there is none. */
  maybe(key: string): string | null;
  /** The label of a Kleer field; the backend says it in English. */
  label(english: string): string;
  /** What people call a HubSpot object; one that we do not know keeps its name. */
  hubspotObject(name: string): string;
  number(value: number): string;
  /** A moment, in the account's time zone. */
  moment(iso: string): string;
  /** A day of the calendar, `2026-11-21`, without its year. */
  day(iso: string): string;
  /** A sentence of the backend's. Where it is not known in Swedish it is shown as it is. */
  say(english: string, swedish: string | null): string;
  /** How often, roughly: so many minutes, hours or days. */
  every(seconds: number): string;
}

export function createTexts(language: Language, timeZone: string): Texts {
  const texts: Record<string, string> = ALL[language];
  const locale = language === 'sv' ? 'sv-SE' : 'en-GB';
  const numbers = new Intl.NumberFormat(locale);
  const moments = dateFormat(locale, timeZone);
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const t = (key: Key, values: Values = {}) => fill(ALL[language][key], values);
  return {
    language,
    t,
    maybe: (key) => texts[key] ?? null,
    label: (english) => (language === 'sv' ? (labelsSv[english] ?? english) : english),
    hubspotObject: (name) => texts[`hubspot.${name}`] ?? name,
    number: (value) => numbers.format(value),
    moment: (iso) => moments.format(new Date(iso)),
    day: (iso) => days.format(new Date(`${iso}T12:00:00Z`)),
    say: (english, swedish) => (language === 'sv' ? (swedish ?? english) : english),
    every: (seconds) => {
      const [unit, size] =
        seconds >= 86_400 ? (['days', 86_400] as const) : seconds >= 3_600 ? (['hours', 3_600] as const) : (['minutes', 60] as const);
      const count = Math.round(seconds / size);
      return t(`every.${unit}.${count === 1 ? 'one' : 'other'}`, { count: numbers.format(count) });
    },
  };
}

/** Swedish for whoever uses HubSpot in Swedish, English for everybody else. */
export function languageOf(user: { language?: string; locale?: string }): Language {
  return (user.language ?? user.locale ?? 'en').toLowerCase().startsWith('sv') ? 'sv' : 'en';
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

function dateFormat(locale: string, timeZone: string): Intl.DateTimeFormat {
  const options = { dateStyle: 'medium', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch {
    // A zone that this browser does not know.
    return new Intl.DateTimeFormat(locale, options);
  }
}
