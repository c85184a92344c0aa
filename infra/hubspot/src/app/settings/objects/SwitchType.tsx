// The switch in the top right corner. Where it cannot be switched on it says why.

import { Flex, Text, Toggle } from '@hubspot/ui-extensions';

import type { Fault, ObjectView } from '../api/types.ts';
import { usePage } from '../parts/page.tsx';
import type { Texts } from '../texts/index.ts';
import type { Saving } from './useSaveObject.ts';

export function SwitchType({ view, saving }: { view: ObjectView; saving: Saving }) {
  const { texts, tell } = usePage();
  const isLocked = !view.enabled && view.faults.length > 0;
  const change = async (enabled: boolean) => {
    if (await saving.save({ enabled })) tell(texts.t(enabled ? 'switch.nowOn' : 'switch.nowOff'));
  };
  return (
    <Flex direction="column" gap="extra-small" align="end">
      <Toggle
        name={`enabled-${view.object}`}
        label={texts.t('switch.label')}
        labelDisplay="inline"
        textChecked={texts.t('switch.on')}
        textUnchecked={texts.t('switch.off')}
        checked={view.enabled}
        readOnly={isLocked || saving.busy}
        onChange={(enabled) => void change(enabled)}
        testId="switch"
      />
      {isLocked &&
        view.faults.map((fault) => (
          <Text key={`${fault.code}-${fault.about}`} variant="microcopy" testId="fault">
            {said(texts, view, fault)}
          </Text>
        ))}
    </Flex>
  );
}

function said(texts: Texts, view: ObjectView, fault: Fault): string {
  const label = view.fields.find((field) => field.name === fault.about)?.label;
  const about = label === undefined ? fault.about : texts.label(label);
  return texts.maybe(`fault.${fault.code}`)?.replace('{about}', () => about) ?? fault.message;
}
