// What to do after Kleer was connected: nothing is synchronized until somebody switches a type on, and clients come first.

import { Alert, Button, Flex, LoadingButton, Text } from '@hubspot/ui-extensions';

import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';

interface NextStepProps {
  /** Goes to the tab Clients, where it can be seen beforehand what the first sync would do. */
  look: () => void;
  reload: () => void;
}

export function NextStep({ look, reload }: NextStepProps) {
  const { texts, tell } = usePage();
  const object = useDo('object');
  const save = useDo('save-object');
  const switchOn = async () => {
    const found = await object.run({ object: 'client' });
    if (!found.ok) return;
    // The reason stands on the tab.
    if (found.data.faults.length > 0) return look();
    const { version, hubspot_object, create_in_kleer, interval_s } = found.data;
    const answer = await save.run({ object: 'client', version, enabled: true, hubspot_object, create_in_kleer, interval_s });
    if (!answer.ok) return;
    tell(texts.t('switch.nowOn'));
    reload();
  };
  return (
    <Alert title={texts.t('next.title')} variant="tip" testId="next-step">
      <Flex direction="column" gap="small">
        <Text>{texts.t('next.text')}</Text>
        <Flex gap="small" wrap>
          <LoadingButton
            variant="primary"
            loading={object.busy || save.busy}
            onClick={() => void switchOn()}
            testId="switch-on-clients"
          >
            {texts.t('next.switchOn')}
          </LoadingButton>
          <Button variant="secondary" onClick={look}>
            {texts.t('next.look')}
          </Button>
        </Flex>
        <Refused refusal={object.refusal ?? save.refusal} />
      </Flex>
    </Alert>
  );
}
