// What is pressed.

import { Opener } from './overlays.tsx';
import type { Props } from './types.ts';
import { names, size } from './types.ts';

const reactions = { openModal: () => undefined, closeModal: () => undefined, openPanel: () => undefined, closePanel: () => undefined };

function address(href: unknown): { href: string; target?: string; rel?: string } | null {
  if (typeof href === 'string') return { href };
  if (typeof href !== 'object' || href === null) return null;
  const { url, external } = href as { url: string; external?: boolean };
  return external ? { href: url, target: '_blank', rel: 'noreferrer' } : { href: url };
}

export function Button(props: Props) {
  const { variant, size: wanted, disabled, type, href, overlay, onClick, children, testId, loading } = props;
  const className = names('button', variant ?? 'secondary', size(wanted));
  const link = address(href);
  if (link) {
    return (
      <a {...link} className={className} data-test-id={testId} onClick={() => onClick?.({ type: 'click' }, reactions)}>
        {children}
      </a>
    );
  }
  return (
    <Opener overlay={overlay}>
      {(open) => (
        <button
          type={type ?? 'button'}
          className={className}
          data-test-id={testId}
          disabled={disabled || loading}
          aria-busy={loading || undefined}
          onClick={() => {
            open();
            onClick?.({ type: 'click' }, reactions);
          }}
        >
          {loading && <span className="spinner small" aria-hidden="true" />}
          {children}
        </button>
      )}
    </Opener>
  );
}

export const LoadingButton = Button;

export function Link({ href, onClick, children, testId }: Props) {
  return (
    <a {...address(href)} data-test-id={testId} onClick={() => onClick?.({ type: 'click' }, reactions)}>
      {children}
    </a>
  );
}

export function Tag({ variant, overlay, children, testId }: Props) {
  return (
    <Opener overlay={overlay}>
      {() => (
        <span className={names('tag', variant ?? 'default')} data-test-id={testId} tabIndex={overlay ? 0 : undefined}>
          {children}
        </span>
      )}
    </Opener>
  );
}
