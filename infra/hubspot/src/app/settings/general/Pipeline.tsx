// The pipeline that projects stand in. An account without projects has none, and is told why.

import { Select } from '@hubspot/ui-extensions';

import { explain, usePage } from '../parts/page.tsx';
import { useAsk } from '../parts/useAsk.ts';

const FIRST = '';

export function Pipeline({ value, onChange }: { value: string | null; onChange: (pipeline: string | null) => void }) {
  const { texts } = usePage();
  const asked = useAsk('pipelines', {});
  const choices = asked.data?.choices ?? [];
  const isShown = value === null || choices.some((choice) => choice.value === value);
  const unshown = isShown || value === null ? [] : [{ value, label: value }];
  return (
    <Select
      name="project_pipeline"
      label={texts.t('pipeline.label')}
      description={asked.refusal ? explain(texts, asked.refusal) : texts.t('pipeline.text')}
      value={value ?? FIRST}
      readOnly={asked.data === null}
      options={[{ value: FIRST, label: texts.t('pipeline.first') }, ...unshown, ...choices]}
      onChange={(pipeline) => onChange(pipeline === FIRST ? null : String(pipeline))}
    />
  );
}
