// What is chosen for all types together. Of two people who save at once the later one is told, and keeps what was chosen.

import { Flex, Heading, LoadingButton, Select, Text, Toggle } from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { SyncSettingsView } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';
import { DefaultProduct } from './DefaultProduct.tsx';
import { Pipeline } from './Pipeline.tsx';

/** What Kleer's invoices can be cut to, in months; 0 stands for all of them. */
const WINDOWS = [1, 3, 6, 12, 24, 36, 0];

interface SyncConfigurationProps {
  saved: SyncSettingsView;
  canAskKleer: boolean;
  reload: () => void;
}

export function SyncConfiguration({ saved, canAskKleer, reload }: SyncConfigurationProps) {
  const { texts, tell } = usePage();
  const save = useDo('save-sync-settings');
  const [changes, setChanges] = useState<Partial<SyncSettingsView>>({});
  // What another person saved, which this one has been told of. What was not changed here is as they left it.
  const [theirs, setTheirs] = useState<SyncSettingsView | null>(null);
  const newest = theirs !== null && theirs.version > saved.version ? theirs : saved;
  const chosen = { ...newest, ...changes };
  const isChanged = Object.keys(changes).length > 0;
  const change = (one: Partial<SyncSettingsView>) => setChanges((before) => ({ ...before, ...one }));

  const submit = async () => {
    const answer = await save.run(chosen);
    if (answer.ok) {
      setChanges({});
      tell(texts.t('sync.saved'));
      reload();
    } else if (answer.code === 'changed_meanwhile') {
      setTheirs((answer.details as SyncSettingsView | undefined) ?? null);
      reload();
    }
  };

  return (
    <Flex direction="column" gap="medium">
      <Heading>{texts.t('sync.title')}</Heading>
      <Select
        name="invoice_window"
        label={texts.t('sync.window')}
        description={texts.t('sync.windowText')}
        value={chosen.invoice_window_months ?? 0}
        options={WINDOWS.map((months) => ({ value: months, label: windowLabel(months) }))}
        onChange={(value) => change({ invoice_window_months: Number(value) || null })}
      />
      <DefaultProduct
        value={chosen.default_product}
        canAsk={canAskKleer}
        onChange={(default_product) => change({ default_product })}
      />
      <Pipeline value={chosen.project_pipeline} onChange={(project_pipeline) => change({ project_pipeline })} />
      <Flex direction="column" gap="extra-small">
        <Toggle
          name="match_companies"
          label={texts.t('sync.match')}
          checked={chosen.match_companies}
          onChange={(match_companies) => change({ match_companies })}
        />
        <Text variant="microcopy">{texts.t('sync.matchText')}</Text>
        {chosen.match_companies && (
          <>
            <Toggle
              name="match_any_number"
              label={texts.t('sync.matchMany')}
              checked={chosen.match_any_number}
              onChange={(match_any_number) => change({ match_any_number })}
            />
            <Text variant="microcopy">{texts.t('sync.matchManyText')}</Text>
          </>
        )}
      </Flex>
      <Refused refusal={save.refusal} />
      <LoadingButton
        variant="primary"
        loading={save.busy}
        disabled={!isChanged}
        onClick={() => void submit()}
        testId="save-sync-settings"
      >
        {texts.t('sync.save')}
      </LoadingButton>
    </Flex>
  );

  function windowLabel(months: number): string {
    if (months === 0) return texts.t('sync.all');
    return texts.t(months === 1 ? 'sync.month' : 'sync.months', { count: months });
  }
}
