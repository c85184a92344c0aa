// What is read.

import { useId } from 'react';

import type { Props } from './types.ts';
import { names } from './types.ts';

export const Heading = ({ children }: Props) => <h2>{children}</h2>;

export function Text({ variant, inline, format, children, testId }: Props) {
  const className = names(variant === 'microcopy' && 'micro', format?.fontWeight, format?.italic && 'italic');
  return inline ? (
    <span className={className} data-test-id={testId}>
      {children}
    </span>
  ) : (
    <div className={names('text', className)} data-test-id={testId}>
      {children}
    </div>
  );
}

export const StatusTag = ({ variant, children, testId }: Props) => (
  <span className={names('status-tag', variant ?? 'default')} data-test-id={testId}>
    <span className="dot" aria-hidden="true" />
    {children}
  </span>
);

export const Alert = ({ title, variant, children, testId }: Props) => (
  <div className={names('alert', variant ?? 'info')} role={variant === 'error' || variant === 'danger' ? 'alert' : 'status'} data-test-id={testId}>
    <strong>{title}</strong>
    {children}
  </div>
);

export const EmptyState = ({ title, children }: Props) => (
  <div className="empty">
    <strong>{title}</strong>
    {children}
  </div>
);

export const ErrorState = ({ title, children, testId }: Props) => (
  <div className="empty failed" role="alert" data-test-id={testId}>
    <strong>{title}</strong>
    {children}
  </div>
);

export const LoadingSpinner = ({ label, showLabel, layout }: Props) => (
  <div className={names('loading', layout)} role="status">
    <span className="spinner" aria-hidden="true" />
    <span className={showLabel ? undefined : 'unseen'}>{label}</span>
  </div>
);

export function ProgressBar({ title, value, maxValue, showPercentage, valueDescription, variant, testId }: Props) {
  const id = useId();
  const share = Math.min(1, Number(value ?? 0) / Number(maxValue ?? 100));
  return (
    <div className={names('progress', variant)} data-test-id={testId}>
      <span id={id}>{title}</span>
      <progress value={share} max={1} aria-labelledby={id} />
      <span className="micro">
        {valueDescription}
        {showPercentage && ` (${Math.floor(share * 100)} %)`}
      </span>
    </div>
  );
}
