// Whether HubSpot could charge anybody for what is synchronized (contract product §5.4). It should always be none.

import { Alert, Text } from '@hubspot/ui-extensions';

import { usePage } from '../parts/page.tsx';
import { ReadMore } from '../parts/ReadMore.tsx';

export function Payments({ chargeable }: { chargeable: number | null }) {
  const { texts } = usePage();
  if (chargeable === null) {
    return (
      <Alert title={texts.t('payments.unknown')} variant="info" testId="payments">
        <Text>{texts.t('payments.unknownText')}</Text>
      </Alert>
    );
  }
  return (
    <Alert
      title={texts.t('payments.found', { count: texts.number(chargeable) })}
      variant={chargeable === 0 ? 'success' : 'error'}
      testId="payments"
    >
      <Text>
        {texts.t(chargeable === 0 ? 'payments.safe' : 'payments.unsafe')} <ReadMore about="payments" />
      </Text>
    </Alert>
  );
}
