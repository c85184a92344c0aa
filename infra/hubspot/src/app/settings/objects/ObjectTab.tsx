// The tab of a type. All types share it: what differs comes from the backend's declarations.

import { Alert, Divider, Flex, Heading, Text } from '@hubspot/ui-extensions';

import type { ObjectName, ObjectView } from '../api/types.ts';
import { Awaited, Refused } from '../parts/answers.tsx';
import { ReadMore } from '../parts/ReadMore.tsx';
import { usePage } from '../parts/page.tsx';
import { useAsk } from '../parts/useAsk.ts';
import { PreviewPart } from '../status/Preview.tsx';
import { Choices } from './Choices.tsx';
import { Mappings } from './Mappings.tsx';
import { SwitchType } from './SwitchType.tsx';
import { useSaveObject } from './useSaveObject.ts';

interface ObjectTabProps {
  object: ObjectName;
  /** What was saved concerns other tabs too. */
  onSaved: () => void;
}

export function ObjectTab({ object, onSaved }: ObjectTabProps) {
  const { texts } = usePage();
  const asked = useAsk('object', { object });
  const show = (view: ObjectView) => {
    asked.replace(view);
    onSaved();
  };
  return (
    <Awaited asked={asked} label={texts.t('object.loading')}>
      {(view) => <TypeTab view={view} show={show} />}
    </Awaited>
  );
}

function TypeTab({ view, show }: { view: ObjectView; show: (view: ObjectView) => void }) {
  const { texts } = usePage();
  const saving = useSaveObject(view, show);
  // Rows travel with the records that have them: they have no turn of their own, so there is nothing to preview.
  const hasTurn = view.object !== 'line_item';
  return (
    <Flex direction="column" gap="large">
      <Flex justify="between" align="start" gap="medium" wrap>
        <Flex direction="column" gap="extra-small">
          <Heading>{texts.t(`types.${view.object}`)}</Heading>
          <Text>
            {texts.t(view.two_way ? 'object.twoWay' : 'object.outbound')} <ReadMore about={view.object} />
          </Text>
        </Flex>
        <SwitchType view={view} saving={saving} />
      </Flex>
      <Refused refusal={saving.refusal} />
      {view.unavailable !== null && (
        <Alert title={texts.t('object.unavailable')} variant="warning">
          <Text>{texts.say(view.unavailable, view.unavailable_sv)}</Text>
        </Alert>
      )}
      <Choices view={view} saving={saving} />
      {hasTurn && <PreviewPart object={view.object} isFirst={!view.enabled} />}
      <Divider />
      <Mappings view={view} show={show} />
    </Flex>
  );
}
