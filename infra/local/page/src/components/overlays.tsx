// Dialogs and tooltips. They hang on a button and are shown when it is pressed or pointed at; the page closes them by their id.

import { createContext, useContext, useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Props } from './types.ts';
import { names } from './types.ts';

interface Overlay {
  isOpen: boolean;
  close(): void;
}

const OverlayContext = createContext<Overlay | null>(null);

const opened = new Map<string, () => void>();

/** Closes a dialog; one that is not open is closed already. */
export function closeOverlay(id: string): void {
  opened.get(id)?.();
}

interface OpenerProps {
  overlay: ReactNode;
  children: (open: () => void) => ReactNode;
}

/** Something that may have a dialog or a tooltip. */
export function Opener({ overlay, children }: OpenerProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (!overlay) return <>{children(() => undefined)}</>;
  return (
    <span className="opener">
      {children(() => setIsOpen(true))}
      <OverlayContext.Provider value={{ isOpen, close: () => setIsOpen(false) }}>{overlay}</OverlayContext.Provider>
    </span>
  );
}

export function Modal({ id, title, width, variant, onOpen, onClose, children }: Props) {
  const overlay = useContext(OverlayContext);
  const isOpen = overlay?.isOpen ?? false;
  const dialog = useRef<HTMLDialogElement>(null);
  const titled = useId();
  const latest = useRef({ onOpen, onClose, close: overlay?.close });
  latest.current = { onOpen, onClose, close: overlay?.close };
  useEffect(() => {
    if (!isOpen) return;
    const before = document.activeElement;
    dialog.current?.showModal();
    opened.set(id as string, () => latest.current.close?.());
    latest.current.onOpen?.();
    return () => {
      opened.delete(id as string);
      latest.current.onClose?.();
      // It is taken away rather than closed, so that the browser does not do this by itself.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [id, isOpen]);
  if (!isOpen) return null;
  return (
    <dialog
      ref={dialog}
      className={names('modal', `w-${width ?? 'md'}`, variant === 'danger' && 'danger')}
      aria-labelledby={titled}
      onCancel={() => overlay?.close()}
    >
      <div className="modal-head">
        <h2 id={titled}>{title}</h2>
        <button type="button" className="close" aria-label="×" onClick={() => overlay?.close()}>
          ×
        </button>
      </div>
      {children}
    </dialog>
  );
}

export function ModalBody({ children }: Props) {
  return <div className="modal-body">{children}</div>;
}

export function ModalFooter({ children }: Props) {
  return <div className="modal-foot">{children}</div>;
}

export function Tooltip({ children }: Props) {
  return (
    <span role="tooltip" className="tooltip">
      {children}
    </span>
  );
}
