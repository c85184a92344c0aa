// Records written to HubSpot, per day and type.

import { BarChart, Flex, Heading, Text } from '@hubspot/ui-extensions';

import type { WrittenOnDay } from '../api/types.ts';
import { usePage } from '../parts/page.tsx';

export function DaysChart({ written }: { written: WrittenOnDay[] }) {
  const { texts } = usePage();
  const data = written.map((one) => ({ day: one.day, type: texts.t(`types.${one.object}`), records: one.records }));
  return (
    <Flex direction="column" gap="small">
      <Heading>{texts.t('chart.title')}</Heading>
      {data.length === 0 ? (
        <Text>{texts.t('chart.none')}</Text>
      ) : (
        <BarChart
          data={data}
          axes={{
            x: { field: 'day', fieldType: 'category', label: texts.t('chart.day') },
            y: { field: 'records', fieldType: 'linear', label: texts.t('chart.records') },
            options: { groupFieldByColor: 'type', stacking: true },
          }}
          options={{ showLegend: true, showTooltips: true }}
        />
      )}
    </Flex>
  );
}
