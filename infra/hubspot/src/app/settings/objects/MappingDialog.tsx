// The dialog that adds a mapping or changes one. What is wrong is said before saving, and what was typed stays.

import { Alert, Button, Flex, Input, LoadingButton, Modal, ModalBody, ModalFooter, Select, Text } from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { MappingView, ObjectView, PropertyChoice } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';
import { CreateProperty } from './CreateProperty.tsx';
import { PropertyPicker, useProperties } from './PropertyPicker.tsx';
import { showSaved } from './useSaveObject.ts';

interface MappingDialogProps {
  id: string;
  view: ObjectView;
  /** The mapping that is changed; null adds one. */
  replaces: MappingView | null;
  show: (view: ObjectView) => void;
}

/** Its inside is there while it is open, and begins anew each time. */
export function MappingDialog(props: MappingDialogProps) {
  const { texts } = usePage();
  const [opened, setOpened] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  const open = () => {
    setOpened((count) => count + 1);
    setIsOpen(true);
  };
  return (
    <Modal
      id={props.id}
      title={texts.t(props.replaces ? 'dialog.change' : 'dialog.add')}
      width="md"
      onOpen={open}
      onClose={() => setIsOpen(false)}
    >
      {isOpen ? <Inside key={opened} {...props} /> : <ModalBody>{' '}</ModalBody>}
    </Modal>
  );
}

const NONE = '';

function Inside({ id, view, replaces, show }: MappingDialogProps) {
  const { texts, tell, close } = usePage();
  const [field, setField] = useState<string | null>(replaces ? replaces.field : (view.fields[0]?.name ?? null));
  const [property, setProperty] = useState(replaces?.property ?? '');
  const [typedDefault, setTypedDefault] = useState(replaces?.default ?? '');
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<PropertyChoice[]>([]);
  const properties = useProperties(view, made);
  const save = useDo('save-mapping');

  const taken = view.mappings.some((one) => one.property === property && one.property !== replaces?.property);
  const faults = [
    property === '' ? texts.t('dialog.chooseProperty') : null,
    taken ? texts.t('dialog.taken', { property }) : null,
    properties.misfit(field, property),
    field === null && typedDefault.trim() === '' ? texts.t('code.default_missing') : null,
  ].filter((fault) => fault !== null);

  const submit = async () => {
    const answer = await save.run({
      object: view.object,
      version: view.version,
      replaces: replaces?.property ?? null,
      field,
      property,
      default: typedDefault === '' ? null : typedDefault,
    });
    if (answer.ok) {
      tell(texts.t('dialog.saved', { property }));
      close(id);
      show(answer.data);
    } else if (answer.code === 'changed_meanwhile') {
      showSaved(answer, show);
    }
  };
  const selected = (one: PropertyChoice) => {
    setIsMaking(false);
    setProperty(one.name);
    setMade((before) => [one, ...before.filter((other) => other.name !== one.name)]);
  };

  return (
    <>
      <ModalBody>
        <Flex direction="column" gap="medium">
          <Select
            name="field"
            label={texts.t('mappings.field')}
            value={field ?? NONE}
            options={[
              { value: NONE, label: texts.t('dialog.none') },
              ...view.fields.map((one) => ({ value: one.name, label: `${texts.label(one.label)} (${one.name})` })),
            ]}
            onChange={(value) => setField(value === NONE ? null : String(value))}
          />
          <PropertyPicker
            view={view}
            properties={properties}
            field={field}
            property={property}
            own={replaces?.property ?? null}
            onChange={setProperty}
          />
          {isMaking ? (
            <CreateProperty view={view} field={field} onMade={selected} onCancel={() => setIsMaking(false)} />
          ) : (
            <Button variant="secondary" size="small" onClick={() => setIsMaking(true)} testId="new-property">
              {texts.t('property.new')}
            </Button>
          )}
          <Input
            name="default"
            label={texts.t('mappings.default')}
            description={texts.t(field === null ? 'dialog.defaultAlone' : 'dialog.defaultText')}
            value={typedDefault}
            onInput={setTypedDefault}
            onChange={setTypedDefault}
          />
          {property !== '' && faults.length > 0 && (
            <Alert title={texts.t('dialog.cannot')} variant="warning" testId="cannot">
              {faults.map((fault) => (
                <Text key={fault}>{fault}</Text>
              ))}
            </Alert>
          )}
          <Refused refusal={save.refusal} />
        </Flex>
      </ModalBody>
      <ModalFooter>
        <LoadingButton
          variant="primary"
          loading={save.busy}
          disabled={faults.length > 0 || isMaking}
          onClick={() => void submit()}
          testId="save-mapping"
        >
          {texts.t('dialog.save')}
        </LoadingButton>
        <Button variant="secondary" disabled={save.busy} onClick={() => close(id)}>
          {texts.t('confirm.cancel')}
        </Button>
      </ModalFooter>
    </>
  );
}
