// The property picker: only properties that can take the field, with search. HubSpot is asked once when the dialog opens; what is
// made in the dialog is put beside its answer.

import { Select } from '@hubspot/ui-extensions';

import type { ObjectView, PropertyChoice } from '../api/types.ts';
import { explain, usePage } from '../parts/page.tsx';
import { useAsk } from '../parts/useAsk.ts';
import type { Asked } from '../parts/useAsk.ts';

/** HubSpot's types that the backend tells apart; every other one is `other` to it. */
const KNOWN = ['string', 'number', 'bool', 'enumeration', 'date', 'datetime'];

export interface Properties {
  asked: Asked<{ properties: PropertyChoice[]; is_more: boolean }>;
  /** Those that can take a field; all of them for a default value alone. */
  fitting(field: string | null): PropertyChoice[];
  /** Why a property cannot take a field; null if it can, as far as is known. */
  misfit(field: string | null, property: string): string | null;
}

/** The account's properties for as long as a dialog is open. */
export function useProperties(view: ObjectView, made: PropertyChoice[]): Properties {
  const { texts } = usePage();
  const asked = useAsk('properties', { object: view.object, field: null, search: null });
  const known = asked.data?.properties ?? [];
  const all = [...made.filter((one) => !known.some((other) => other.name === one.name)), ...known];
  const types = (field: string | null) => view.fields.find((one) => one.name === field)?.types;
  const fitting = (field: string | null) => {
    const fit = types(field);
    return fit === undefined ? all : all.filter((one) => fit.includes(KNOWN.includes(one.type) ? one.type : 'other'));
  };
  const misfit = (field: string | null, property: string) => {
    const isKnown = asked.data !== null && !asked.data.is_more && property !== '';
    if (!isKnown || fitting(field).some((one) => one.name === property)) return null;
    return texts.t('property.misfit', { property, types: (types(field) ?? []).join(', ') });
  };
  return { asked, fitting, misfit };
}

interface PropertyPickerProps {
  view: ObjectView;
  properties: Properties;
  field: string | null;
  property: string;
  /** The property of the mapping that is changed: it may stay. */
  own: string | null;
  onChange: (property: string) => void;
}

export function PropertyPicker({ view, properties, field, property, own, onChange }: PropertyPickerProps) {
  const { texts } = usePage();
  const { asked } = properties;
  const choices = properties.fitting(field);
  const label = (one: PropertyChoice) => {
    const name = `${one.label} (${one.name}) · ${one.type}`;
    if (one.mapped && one.name !== own) return `${name} · ${texts.t('property.mapped')}`;
    return view.two_way && one.one_way ? `${name} · ${texts.t('mappings.oneWay')}` : name;
  };
  const isShown = property === '' || choices.some((one) => one.name === property);
  const unshown = isShown ? [] : [{ value: property, label: property }];
  const complaint = asked.refusal ? explain(texts, asked.refusal) : properties.misfit(field, property);
  return (
    <Select
      name="property"
      label={texts.t('mappings.property')}
      description={texts.t(asked.loading ? 'property.loading' : asked.data?.is_more === true ? 'property.more' : 'property.fitting')}
      placeholder={texts.t('property.choose')}
      value={property}
      options={[...unshown, ...choices.map((one) => ({ value: one.name, label: label(one) }))]}
      onChange={(value) => onChange(String(value))}
      required
      error={complaint !== null}
      {...(complaint === null ? {} : { validationMessage: complaint })}
    />
  );
}
