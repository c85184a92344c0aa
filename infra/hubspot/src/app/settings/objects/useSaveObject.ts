// Saving what is chosen for a type besides its mappings.

import type { Refusal } from '../api/client.ts';
import type { ObjectView, SaveObject } from '../api/types.ts';
import { useDo } from '../parts/useAsk.ts';

export interface Saving {
  busy: boolean;
  refusal: Refusal | null;
  save(change: Partial<SaveObject>): Promise<boolean>;
  forget(): void;
}

export function useSaveObject(view: ObjectView, show: (view: ObjectView) => void): Saving {
  const doing = useDo('save-object');
  const save = async (change: Partial<SaveObject>) => {
    const { object, version, enabled, hubspot_object, create_in_kleer, interval_s } = view;
    const answer = await doing.run({ object, version, enabled, hubspot_object, create_in_kleer, interval_s, ...change });
    if (answer.ok) show(answer.data);
    else if (answer.code === 'changed_meanwhile') showSaved(answer, show);
    return answer.ok;
  };
  return { busy: doing.busy, refusal: doing.refusal, save, forget: doing.forget };
}

/** Shows what somebody else saved: the refusal brings it along. */
export function showSaved(refusal: Refusal, show: (view: ObjectView) => void): void {
  if (refusal.details) show(refusal.details as ObjectView);
}
