// A button that asks before it does what cannot be undone.

import { Button, LoadingButton, Modal, ModalBody, ModalFooter, Text } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';

import type { Refusal } from '../api/client.ts';
import { Refused } from './answers.tsx';
import { usePage } from './page.tsx';

interface ConfirmButtonProps {
  /** Unlike any other dialog's. */
  id: string;
  label: string;
  title: string;
  /** What will happen, and what will not. */
  explanation: ReactNode;
  /** What the button in the dialog says: the deed, not "OK". */
  deed: string;
  busy: boolean;
  refusal: Refusal | null;
  disabled?: boolean;
  size?: 'xs' | 'sm' | 'md';
  variant?: 'destructive' | 'secondary' | 'transparent';
  /** Answers whether it was done; then the dialog closes. */
  onConfirm: () => Promise<boolean>;
  onOpen?: () => void;
}

export function ConfirmButton(props: ConfirmButtonProps) {
  const { texts, close } = usePage();
  const { id, busy } = props;
  const confirm = async () => {
    if (await props.onConfirm()) close(id);
  };
  const dialog = (
    <Modal id={id} title={props.title} variant="danger" width="md" onOpen={props.onOpen}>
      <ModalBody>
        <Text>{props.explanation}</Text>
        <Refused refusal={props.refusal} />
      </ModalBody>
      <ModalFooter>
        <LoadingButton variant="destructive" loading={busy} onClick={() => void confirm()} testId={`${id}-deed`}>
          {props.deed}
        </LoadingButton>
        <Button variant="secondary" disabled={busy} onClick={() => close(id)}>
          {texts.t('confirm.cancel')}
        </Button>
      </ModalFooter>
    </Modal>
  );
  return (
    <Button
      variant={props.variant ?? 'secondary'}
      size={props.size ?? 'md'}
      disabled={props.disabled ?? false}
      overlay={dialog}
      testId={id}
    >
      {props.label}
    </Button>
  );
}
