// What is typed and chosen.

import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Props } from './types.ts';
import { names } from './types.ts';

interface FieldProps {
  props: Props;
  children: (id: string, described: string | undefined) => ReactNode;
}

/** Label, control, what is said about it. */
function Field({ props, children }: FieldProps) {
  const id = useId();
  const { label, required, description, error, validationMessage, tooltip } = props;
  const isSaid = Boolean(description) || Boolean(validationMessage);
  return (
    <div className={names('field', error && 'wrong')} data-test-id={props['testId']}>
      <label htmlFor={id} title={tooltip}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      {description && (
        <span className="micro" id={`${id}-about`}>
          {description}
        </span>
      )}
      {children(id, isSaid ? `${id}-about ${id}-wrong` : undefined)}
      {validationMessage && (
        <span className="complaint" id={`${id}-wrong`}>
          {validationMessage}
        </span>
      )}
    </div>
  );
}

/**
 * What is typed, at once: the page hears of each key and answers a moment later, and an answer to a key before must not undo the
 * keys since. What the page says of its own accord stands.
 */
function useTyped(value: string): [string, (text: string) => void] {
  const [typed, setTyped] = useState(value);
  const heard = useRef(new Set<string>());
  useEffect(() => {
    if (!heard.current.has(value)) setTyped(value);
  }, [value]);
  if (value === typed) heard.current.clear();
  const type = (text: string) => {
    heard.current.add(value).add(text);
    setTyped(text);
  };
  return [typed, type];
}

export function Input(props: Props) {
  const { name, type, value, placeholder, readOnly, required, error, onInput, onChange } = props;
  const [typed, setTyped] = useTyped(String(value ?? ''));
  return (
    <Field props={props}>
      {(id, described) => (
        <input
          id={id}
          name={name}
          type={type ?? 'text'}
          value={typed}
          placeholder={placeholder}
          readOnly={readOnly}
          aria-required={required || undefined}
          aria-invalid={error || undefined}
          aria-describedby={described}
          autoComplete={type === 'password' ? 'new-password' : 'off'}
          // HubSpot tells of each key as input, and of change when the field is left.
          onChange={(event) => {
            setTyped(event.target.value);
            onInput?.(event.target.value);
          }}
          onBlur={(event) => onChange?.(event.target.value)}
        />
      )}
    </Field>
  );
}

export function SearchInput(props: Props) {
  return (
    <div role="search">
      <Input {...props} />
    </div>
  );
}

interface Option {
  label: string;
  value: string | number | boolean;
}

const searching = () => (document.documentElement.lang === 'sv' ? 'Sök' : 'Search');

/** From so many options on there is a field to search them with. */
const SEARCHED_FROM = 16;

export function Select(props: Props) {
  const { name, value, readOnly, required, error, placeholder, onChange, onInput } = props;
  const options = props['options'] as Option[];
  const [search, setSearch] = useState('');
  const isSearched = search !== '' || options.length > SEARCHED_FROM;
  const wanted = search.trim().toLowerCase();
  const shown = options.filter((one) => one.value === value || one.label.toLowerCase().includes(wanted));
  const place = shown.findIndex((one) => one.value === value);
  return (
    <Field props={props}>
      {(id, described) => (
        <>
          {isSearched && (
            <input
              className="search"
              value={search}
              placeholder={searching()}
              aria-label={`${props['label']}: ${searching()}`}
              onChange={(event) => {
                setSearch(event.target.value);
                onInput?.(event.target.value);
              }}
            />
          )}
          <select
            id={id}
            name={name}
            disabled={readOnly}
            aria-required={required || undefined}
            aria-invalid={error || undefined}
            aria-describedby={described}
            value={place < 0 ? '' : String(place)}
            onChange={(event) => onChange?.(shown[Number(event.target.value)]?.value)}
          >
            {place < 0 && (
              <option value="" disabled>
                {placeholder ?? ''}
              </option>
            )}
            {shown.map((one, index) => (
              <option key={String(one.value)} value={index}>
                {one.label}
              </option>
            ))}
          </select>
        </>
      )}
    </Field>
  );
}

export function Toggle({ label, labelDisplay, checked, readOnly, textChecked, textUnchecked, onChange, testId }: Props) {
  return (
    <span className="toggle">
      {labelDisplay !== 'hidden' && <span aria-hidden="true">{label}</span>}
      <button
        type="button"
        role="switch"
        aria-checked={Boolean(checked)}
        aria-label={label}
        disabled={readOnly}
        data-test-id={testId}
        onClick={() => onChange?.(!checked)}
      >
        <span aria-hidden="true">{checked ? (textChecked ?? '') : (textUnchecked ?? '')}</span>
      </button>
    </span>
  );
}

function Choice({ type, name, checked, readOnly, onChange, children, value, testId, ...rest }: Props & { type: string }) {
  return (
    <label className="choice">
      <input
        type={type}
        name={name}
        checked={Boolean(checked)}
        disabled={readOnly}
        aria-label={rest['aria-label']}
        data-test-id={testId}
        onChange={(event) => onChange?.(event.target.checked, value)}
      />{' '}
      <span>{children}</span>
    </label>
  );
}

export function Checkbox(props: Props) {
  return <Choice {...props} type="checkbox" />;
}

export function RadioButton(props: Props) {
  return <Choice {...props} type="radio" />;
}

export function Form({ onSubmit, children, autoComplete }: Props) {
  const form = useRef<HTMLFormElement>(null);
  return (
    <form
      ref={form}
      noValidate
      autoComplete={autoComplete}
      onSubmit={(event) => {
        event.preventDefault();
        const values = form.current ? Object.fromEntries(new FormData(form.current)) : {};
        onSubmit?.({ type: 'submit', targetValue: values }, {});
      }}
    >
      {children}
    </form>
  );
}
