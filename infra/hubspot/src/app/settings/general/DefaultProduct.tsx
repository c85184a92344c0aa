// The Kleer product that invoice rows get which name none. Kleer is asked when somebody searches, not before.

import { Select, useDebounce } from '@hubspot/ui-extensions';
import { useState } from 'react';

import { explain, usePage } from '../parts/page.tsx';
import { useAsk } from '../parts/useAsk.ts';

interface DefaultProductProps {
  value: number | null;
  canAsk: boolean;
  onChange: (product: number | null) => void;
}

const NONE = '';

export function DefaultProduct({ value, canAsk, onChange }: DefaultProductProps) {
  const { texts } = usePage();
  const [search, setSearch] = useState('');
  const wanted = useDebounce(search);
  const asked = useAsk('products', canAsk ? { search: wanted === '' ? null : wanted } : null);
  const choices = asked.data?.choices ?? [];
  const chosen = value === null ? NONE : String(value);
  // A product that is not among those shown is shown by its number.
  const isShown = value === null || choices.some((choice) => choice.value === chosen);
  const unshown = isShown ? [] : [{ value: chosen, label: texts.t('product.numbered', { id: chosen }) }];
  const more = asked.data?.is_more === true ? ` ${texts.t('product.more')}` : '';
  return (
    <Select
      name="default_product"
      label={texts.t('product.label')}
      description={canAsk ? `${texts.t('product.text')}${more}` : texts.t('product.connectFirst')}
      value={chosen}
      readOnly={!canAsk}
      options={[{ value: NONE, label: texts.t('product.none') }, ...unshown, ...choices]}
      onInput={setSearch}
      onChange={(product) => onChange(product === NONE ? null : Number(product))}
      error={asked.refusal !== null}
      {...(asked.refusal ? { validationMessage: explain(texts, asked.refusal) } : {})}
    />
  );
}
