// Where a type goes, how often, and whether what is made in HubSpot is made in Kleer too.

import { Button, Flex, Input, Select, Text, Toggle } from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { ObjectView } from '../api/types.ts';
import { ConfirmButton } from '../parts/ConfirmButton.tsx';
import { usePage } from '../parts/page.tsx';
import { pauses } from './pauses.ts';
import type { Saving } from './useSaveObject.ts';

interface ChoicesProps {
  view: ObjectView;
  saving: Saving;
}

export function Choices({ view, saving }: ChoicesProps) {
  const { texts } = usePage();
  return (
    <Flex direction="column" gap="medium">
      <Target key={view.hubspot_object} view={view} saving={saving} />
      {view.object !== 'line_item' && <Pause view={view} saving={saving} />}
      {view.two_way && (
        <Flex direction="column" gap="extra-small">
          <Toggle
            name={`create-${view.object}`}
            label={texts.t('create.label')}
            checked={view.create_in_kleer}
            readOnly={saving.busy}
            onChange={(create_in_kleer) => void saving.save({ create_in_kleer })}
            testId="create-in-kleer"
          />
          <Text variant="microcopy">{texts.t('create.text')}</Text>
        </Flex>
      )}
    </Flex>
  );
}

const CUSTOM = '';

/** The HubSpot object. Another one begins anew there, so it is chosen first and then confirmed. */
function Target({ view, saving }: ChoicesProps) {
  const { texts } = usePage();
  const [chosen, setChosen] = useState(view.hubspot_object);
  const [custom, setCustom] = useState('');
  const known = [...new Set([...view.hubspot_objects, view.hubspot_object])];
  const wanted = chosen === CUSTOM ? custom.trim() : chosen;
  const isOther = wanted !== '' && wanted !== view.hubspot_object;
  const label = (name: string) => {
    const own = texts.hubspotObject(name);
    return name === view.default_hubspot_object ? texts.t('target.default', { object: own }) : own;
  };
  return (
    <Flex direction="column" gap="small">
      <Select
        name={`target-${view.object}`}
        label={texts.t('target.label')}
        description={texts.t('target.text')}
        value={chosen}
        options={[
          ...known.map((name) => ({ value: name, label: label(name) })),
          { value: CUSTOM, label: texts.t('target.custom') },
        ]}
        onChange={(value) => setChosen(String(value))}
      />
      {chosen === CUSTOM && (
        <Input
          name={`custom-${view.object}`}
          label={texts.t('target.customLabel')}
          description={texts.t('target.customText')}
          value={custom}
          onInput={setCustom}
          onChange={setCustom}
        />
      )}
      {isOther && (
        <Flex gap="small" wrap>
          <ConfirmButton
            id={`target-${view.object}`}
            label={texts.t('target.change', { object: texts.hubspotObject(wanted) })}
            title={texts.t('target.title', { object: texts.hubspotObject(wanted) })}
            explanation={texts.t('target.warning', {
              before: texts.hubspotObject(view.hubspot_object),
              after: texts.hubspotObject(wanted),
            })}
            deed={texts.t('target.deed')}
            variant="destructive"
            busy={saving.busy}
            refusal={saving.refusal}
            onConfirm={() => saving.save({ hubspot_object: wanted })}
            onOpen={saving.forget}
          />
          <Button variant="secondary" onClick={() => setChosen(view.hubspot_object)}>
            {texts.t('target.keep')}
          </Button>
        </Flex>
      )}
    </Flex>
  );
}

function Pause({ view, saving }: ChoicesProps) {
  const { texts } = usePage();
  return (
    <Select
      name={`pause-${view.object}`}
      label={texts.t('pause.label')}
      description={texts.t('pause.text')}
      value={view.interval_s ?? 0}
      readOnly={saving.busy}
      options={pauses(texts, view.interval_s, view.default_interval_s)}
      onChange={(value) => void saving.save({ interval_s: Number(value) || null })}
    />
  );
}
