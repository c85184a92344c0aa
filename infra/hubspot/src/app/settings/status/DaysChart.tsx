// Records written to HubSpot, per day and type. Days without any are shown as such.

import { BarChart, Flex, Heading, Text } from '@hubspot/ui-extensions';

import type { WrittenOnDay } from '../api/types.ts';
import { usePage } from '../parts/page.tsx';

/** How many days are shown. */
const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

interface DaysChartProps {
  written: WrittenOnDay[];
  /** Now, by the backend's clock. */
  at: string;
}

export function DaysChart({ written, at }: DaysChartProps) {
  const { texts } = usePage();
  const types = [...new Set(written.map((one) => one.object))];
  const records = new Map(written.map((one) => [`${one.day} ${one.object}`, one.records]));
  const days = daysUntil(at, written);
  const data = days.flatMap((day) =>
    types.map((type) => ({
      day: texts.day(day),
      type: texts.t(`types.${type}`),
      records: records.get(`${day} ${type}`) ?? 0,
    })),
  );
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

/** The last days, the newest last. The backend's calendar is Sweden's, which may be a day ahead of its clock. */
function daysUntil(at: string, written: WrittenOnDay[]): string[] {
  const newest = written.reduce((day, one) => (one.day > day ? one.day : day), at.slice(0, 10));
  const last = Date.parse(`${newest}T12:00:00Z`);
  return Array.from({ length: DAYS }, (_, place) => new Date(last - (DAYS - 1 - place) * DAY_MS).toISOString().slice(0, 10));
}
