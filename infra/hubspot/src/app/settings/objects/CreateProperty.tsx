// A new HubSpot property for a field, with the suggested label and name. Once made it is chosen.

import { Button, Flex, Input, LoadingButton, Text, Tile } from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { ObjectView, PropertyChoice } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';

interface CreatePropertyProps {
  view: ObjectView;
  field: string | null;
  onMade: (made: PropertyChoice) => void;
  onCancel: () => void;
}

/** What HubSpot takes for a name (contract hubspot-crm §7). */
const NAME = /^(?!hs_)[a-z][a-z0-9_]{0,99}$/;

export function CreateProperty({ view, field, onMade, onCancel }: CreatePropertyProps) {
  const { texts, tell } = usePage();
  const of = view.fields.find((one) => one.name === field);
  const [label, setLabel] = useState(of ? texts.label(of.suggested_label) : '');
  const [name, setName] = useState(of?.suggested_name ?? '');
  const make = useDo('create-property');
  const wrongName = NAME.test(name.trim()) ? null : texts.t('code.invalid_name');
  const wrongLabel = label.trim() === '' ? texts.t('code.invalid_label') : null;
  const submit = async () => {
    const answer = await make.run({ object: view.object, field, name: name.trim(), label: label.trim() });
    if (!answer.ok) return;
    tell(texts.t('property.made', { property: answer.data.name }));
    onMade(answer.data);
  };
  return (
    <Tile>
      <Flex direction="column" gap="small">
        <Text format={{ fontWeight: 'bold' }}>{texts.t('property.new')}</Text>
        <Text>{texts.t('property.type', { type: of?.new_type ?? 'string', object: texts.hubspotObject(view.hubspot_object) })}</Text>
        <Input
          name="new_label"
          label={texts.t('property.label')}
          value={label}
          onInput={setLabel}
          onChange={setLabel}
          required
          error={wrongLabel !== null}
          {...(wrongLabel === null ? {} : { validationMessage: wrongLabel })}
        />
        <Input
          name="new_name"
          label={texts.t('property.name')}
          value={name}
          onInput={setName}
          onChange={setName}
          required
          error={wrongName !== null}
          {...(wrongName === null ? {} : { validationMessage: wrongName })}
        />
        <Refused refusal={make.refusal} />
        <Flex gap="small">
          <LoadingButton
            variant="primary"
            size="small"
            loading={make.busy}
            disabled={wrongName !== null || wrongLabel !== null}
            onClick={() => void submit()}
            testId="create-property"
          >
            {texts.t('property.create')}
          </LoadingButton>
          <Button variant="secondary" size="small" disabled={make.busy} onClick={onCancel}>
            {texts.t('confirm.cancel')}
          </Button>
        </Flex>
      </Flex>
    </Tile>
  );
}
