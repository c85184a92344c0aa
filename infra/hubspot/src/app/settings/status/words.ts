// What problems are called, and what to do about them.

import type { ProblemView } from '../api/types.ts';
import type { Texts } from '../texts/index.ts';

export function problemTitle(texts: Texts, problem: { code: string }): string {
  return texts.maybe(`problem.${problem.code}`) ?? problem.code;
}

/** The backend's remedy knows more, but only in English. */
export function remedy(texts: Texts, problem: Pick<ProblemView, 'code' | 'remedy'>): string {
  return texts.language === 'en' ? problem.remedy : (texts.maybe(`remedy.${problem.code}`) ?? problem.remedy);
}
