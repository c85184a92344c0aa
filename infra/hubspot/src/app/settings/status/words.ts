// What problems are called, and what to do about them.

import type { ProblemView } from '../api/types.ts';
import type { Texts } from '../texts/index.ts';

export function problemTitle(texts: Texts, problem: { code: string }): string {
  return texts.maybe(`problem.${problem.code}`) ?? problem.code;
}

/** The backend's remedy knows more than the code does. */
export function remedy(texts: Texts, problem: Pick<ProblemView, 'code' | 'remedy' | 'remedy_sv'>): string {
  return texts.say(problem.remedy, problem.remedy_sv ?? texts.maybe(`remedy.${problem.code}`));
}
