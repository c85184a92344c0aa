// What every component is given. The page's own types are checked where it stands; here anything may come.

import type { ReactNode } from 'react';

export type Props = Record<string, any> & { children?: ReactNode };

/** A size or distance as part of a class name: `extra-small` and `xs` are one. */
export function size(name: unknown, otherwise = 'md'): string {
  const short: Record<string, string> = { 'extra-small': 'xs', small: 'sm', medium: 'md', large: 'lg', 'extra-large': 'xl' };
  const text = typeof name === 'string' ? name : otherwise;
  return short[text] ?? text;
}

/** Class names, those that are not wanted left out. */
export function names(...all: (string | false | null | undefined)[]): string {
  return all.filter(Boolean).join(' ');
}
