// The property picker: only properties that can take the field, with search. HubSpot is asked as the account is now.

import { Select, useDebounce } from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';

import type { ObjectView, PropertyChoice } from '../api/types.ts';
import { explain, usePage } from '../parts/page.tsx';
import { useAsk } from '../parts/useAsk.ts';

interface PropertyPickerProps {
  view: ObjectView;
  field: string | null;
  property: string;
  /** The property of the mapping that is changed: it may stay. */
  own: string | null;
  onChange: (property: string) => void;
  /** Why the chosen property cannot take the field; null if it can, as far as is known. */
  onMisfit: (why: string | null) => void;
}

export function PropertyPicker({ view, field, property, own, onChange, onMisfit }: PropertyPickerProps) {
  const { texts } = usePage();
  const [search, setSearch] = useState('');
  const wanted = useDebounce(search);
  const all = useAsk('properties', { object: view.object, field, search: null });
  // The first answer holds everything for most accounts; only then there is more, the backend is searched.
  const isMore = all.data?.is_more === true;
  const searched = useAsk('properties', isMore && wanted !== '' ? { object: view.object, field, search: wanted } : null);
  const choices = (isMore && wanted !== '' ? searched.data : all.data)?.properties ?? [];
  const isFitting = all.data?.properties.some((one) => one.name === property) ?? false;
  const isMisfit = all.data !== null && !all.loading && !isMore && property !== '' && !isFitting;
  const types = view.fields.find((one) => one.name === field)?.types ?? [];
  const misfit = isMisfit ? texts.t('property.misfit', { property, types: types.join(', ') }) : null;

  useEffect(() => {
    onMisfit(misfit);
  }, [misfit, onMisfit]);

  const label = (one: PropertyChoice) => {
    const name = `${one.label} (${one.name}) · ${one.type}`;
    if (one.mapped && one.name !== own) return `${name} · ${texts.t('property.mapped')}`;
    return view.two_way && one.one_way ? `${name} · ${texts.t('mappings.oneWay')}` : name;
  };
  const isShown = property === '' || choices.some((one) => one.name === property);
  const unshown = isShown ? [] : [{ value: property, label: property }];
  const refusal = all.refusal ?? searched.refusal;
  const complaint = refusal ? explain(texts, refusal) : misfit;
  return (
    <Select
      name="property"
      label={texts.t('mappings.property')}
      description={texts.t(all.loading ? 'property.loading' : isMore ? 'property.more' : 'property.fitting')}
      placeholder={texts.t('property.choose')}
      value={property}
      options={[...unshown, ...choices.map((one) => ({ value: one.name, label: label(one) }))]}
      onInput={setSearch}
      onChange={(value) => onChange(String(value))}
      required
      error={complaint !== null}
      {...(complaint === null ? {} : { validationMessage: complaint })}
    />
  );
}
