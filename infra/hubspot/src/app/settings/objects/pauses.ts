// The pauses between two syncs that can be chosen.

import type { Texts } from '../texts/index.ts';

/** In seconds; 0 stands for the type's own. */
const PAUSES = [60, 300, 900, 1_800, 3_600, 21_600, 86_400];

/** The choices, with the one that is saved among them. */
export function pauses(texts: Texts, saved: number | null, standard: number): { value: number; label: string }[] {
  const known = saved === null ? PAUSES : [...new Set([...PAUSES, saved])].sort((a, b) => a - b);
  return [
    { value: 0, label: texts.t('pause.default', { every: texts.every(standard) }) },
    ...known.map((seconds) => ({ value: seconds, label: texts.every(seconds) })),
  ];
}
