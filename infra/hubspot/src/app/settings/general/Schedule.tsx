// How often each type is synchronized, all types together. On a type's own tab the same is chosen for it alone.

import { AutoGrid, Flex, Heading, Select, Text } from '@hubspot/ui-extensions';

import type { ObjectSummary } from '../api/types.ts';
import { pauses } from '../objects/pauses.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';

interface ScheduleProps {
  objects: ObjectSummary[];
  reload: () => void;
}

export function Schedule({ objects, reload }: ScheduleProps) {
  const { texts } = usePage();
  return (
    <Flex direction="column" gap="small">
      <Heading>{texts.t('schedule.title')}</Heading>
      <Text>{texts.t('schedule.text')}</Text>
      <AutoGrid columnWidth={240} flexible gap="medium" testId="schedule">
        {objects.map((one) =>
          one.default_interval_s === null ? null : (
            <Every key={one.object} of={one} standard={one.default_interval_s} reload={reload} />
          ),
        )}
      </AutoGrid>
    </Flex>
  );
}

function Every({ of, standard, reload }: { of: ObjectSummary; standard: number; reload: () => void }) {
  const { texts, tell } = usePage();
  const save = useDo('save-schedule');
  const change = async (interval_s: number | null) => {
    const answer = await save.run({ object: of.object, version: of.version, interval_s });
    if (answer.ok) tell(texts.t('schedule.saved', { type: texts.t(`types.${of.object}`) }));
    // Refused because somebody else saved: what they saved is shown.
    if (answer.ok || answer.code === 'changed_meanwhile') reload();
  };
  return (
    <Flex direction="column" gap="extra-small">
      <Select
        name={`schedule-${of.object}`}
        label={texts.t(`types.${of.object}`)}
        description={of.enabled ? '' : texts.t('schedule.off')}
        value={of.interval_s ?? 0}
        readOnly={save.busy}
        options={pauses(texts, of.interval_s, standard)}
        onChange={(value) => void change(Number(value) || null)}
      />
      <Refused refusal={save.refusal} />
    </Flex>
  );
}
