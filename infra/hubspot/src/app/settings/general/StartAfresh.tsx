// Another Kleer company: everything that says which record is which is forgotten first, so it asks.

import { usePage } from '../parts/page.tsx';
import { ConfirmButton } from '../parts/ConfirmButton.tsx';
import { useDo } from '../parts/useAsk.ts';

interface StartAfreshProps {
  company: string;
  apiKey: string;
  done: () => void;
}

export function StartAfresh({ company, apiKey, done }: StartAfreshProps) {
  const { texts } = usePage();
  const start = useDo('start-afresh');
  const confirm = async () => {
    const answer = await start.run({ company_id: company, api_key: apiKey, confirmed: true });
    if (answer.ok) done();
    return answer.ok;
  };
  return (
    <ConfirmButton
      id="start-afresh"
      label={texts.t('afresh.start')}
      title={texts.t('afresh.confirmTitle', { company })}
      explanation={texts.t('afresh.confirmText')}
      deed={texts.t('afresh.start')}
      variant="destructive"
      busy={start.busy}
      refusal={start.refusal}
      onConfirm={confirm}
      onOpen={start.forget}
    />
  );
}
