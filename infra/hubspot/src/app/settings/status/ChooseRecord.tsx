// Several HubSpot records may be meant, and only a person can say which.

import { Button, Flex, Link, LoadingButton, Modal, ModalBody, ModalFooter, RadioButton, Text } from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { RecordRequest } from '../api/types.ts';
import { Awaited, Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useAsk, useDo } from '../parts/useAsk.ts';

interface ChooseRecordProps {
  record: RecordRequest;
  onChosen: () => void;
}

export function ChooseRecord({ record, onChosen }: ChooseRecordProps) {
  const { texts } = usePage();
  const [isOpen, setIsOpen] = useState(false);
  const id = `choose-${record.object}-${record.kleer_id}`;
  const dialog = (
    <Modal
      id={id}
      title={texts.t('choose.title', { id: String(record.kleer_id) })}
      width="md"
      onOpen={() => setIsOpen(true)}
      onClose={() => setIsOpen(false)}
    >
      {isOpen ? <Inside id={id} record={record} onChosen={onChosen} /> : <ModalBody>{' '}</ModalBody>}
    </Modal>
  );
  return (
    <Button size="xs" variant="secondary" overlay={dialog} testId={id}>
      {texts.t('choose.label')}
    </Button>
  );
}

/** None of them: the record gets one of its own. */
const NEW = 'new';

function Inside({ id, record, onChosen }: ChooseRecordProps & { id: string }) {
  const { texts, close } = usePage();
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = useAsk('candidates', record);
  const choose = useDo('choose');
  const submit = async () => {
    if (chosen === null) return;
    const answer = await choose.run({ ...record, hubspot_id: chosen === NEW ? null : chosen });
    if (!answer.ok) return;
    close(id);
    onChosen();
  };
  return (
    <>
      <ModalBody>
        <Flex direction="column" gap="small">
          <Text>{texts.t('choose.text')}</Text>
          <Awaited asked={asked} label={texts.t('choose.loading')}>
            {({ candidates }) => (
              <>
                {candidates.map((one) => (
                  <Flex key={one.hubspot_id} gap="small" align="center">
                    <RadioButton name={id} checked={chosen === one.hubspot_id} onChange={() => setChosen(one.hubspot_id)}>
                      {`${one.name ?? texts.t('choose.unnamed')} (${one.hubspot_id})`}
                    </RadioButton>
                    {one.link !== null && <Link href={{ url: one.link, external: true }}>{texts.t('choose.open')}</Link>}
                  </Flex>
                ))}
                <RadioButton name={id} checked={chosen === NEW} onChange={() => setChosen(NEW)}>
                  {texts.t('choose.new')}
                </RadioButton>
              </>
            )}
          </Awaited>
          <Refused refusal={choose.refusal} />
        </Flex>
      </ModalBody>
      <ModalFooter>
        <LoadingButton variant="primary" loading={choose.busy} disabled={chosen === null} onClick={() => void submit()}>
          {texts.t('choose.deed')}
        </LoadingButton>
        <Button variant="secondary" disabled={choose.busy} onClick={() => close(id)}>
          {texts.t('confirm.cancel')}
        </Button>
      </ModalFooter>
    </>
  );
}
