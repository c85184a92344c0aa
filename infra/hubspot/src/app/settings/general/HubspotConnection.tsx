// How HubSpot is connected, and ending that.

import { Alert, Button, DescriptionList, DescriptionListItem, Flex, Heading, StatusTag, Text } from '@hubspot/ui-extensions';

import type { Overview } from '../api/types.ts';
import { ConfirmButton } from '../parts/ConfirmButton.tsx';
import { reconnect } from '../parts/links.ts';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';

export function HubspotConnection({ overview, reload }: { overview: Overview; reload: () => void }) {
  const { texts, baseUrl } = usePage();
  const { hubspot } = overview;
  const isConnected = hubspot.status === 'connected';
  return (
    <Flex direction="column" gap="small">
      <Heading>{texts.t('connection.title')}</Heading>
      <DescriptionList direction="row">
        <DescriptionListItem label={texts.t('connection.portal')}>
          <Text>{String(overview.portal)}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={texts.t('connection.status')}>
          <StatusTag variant={isConnected ? 'success' : 'danger'} testId="hubspot-status">
            {texts.t(`connection.${hubspot.status}`)}
          </StatusTag>
        </DescriptionListItem>
        {isConnected && (
          <DescriptionListItem label={texts.t('connection.since')}>
            <Text>{texts.moment(hubspot.since)}</Text>
          </DescriptionListItem>
        )}
        {isConnected && hubspot.installed_by !== null && (
          <DescriptionListItem label={texts.t('connection.by')}>
            <Text>{hubspot.installed_by}</Text>
          </DescriptionListItem>
        )}
      </DescriptionList>
      {hubspot.status === 'disconnected' && (
        <Alert title={texts.t('connection.lost', { at: texts.moment(hubspot.at) })} variant="error">
          <Text>{texts.t('connection.lostText', { reason: hubspot.reason })}</Text>
        </Alert>
      )}
      {hubspot.status === 'not_installed' && (
        <Alert title={texts.t('connection.not_installed')} variant="warning">
          <Text>{texts.t('connection.installText')}</Text>
        </Alert>
      )}
      <Flex gap="small" wrap>
        <Button variant={isConnected ? 'secondary' : 'primary'} href={{ url: reconnect(baseUrl), external: true }}>
          {texts.t('connection.reconnect')}
        </Button>
        {isConnected && <Disconnect reload={reload} />}
      </Flex>
    </Flex>
  );
}

function Disconnect({ reload }: { reload: () => void }) {
  const { texts, tell } = usePage();
  const disconnect = useDo('disconnect');
  const confirm = async () => {
    const answer = await disconnect.run({});
    if (answer.ok) {
      tell(texts.t('connection.left'));
      reload();
    }
    return answer.ok;
  };
  return (
    <ConfirmButton
      id="disconnect"
      label={texts.t('connection.disconnect')}
      title={texts.t('connection.disconnectTitle')}
      explanation={texts.t('connection.disconnectText')}
      deed={texts.t('connection.disconnect')}
      busy={disconnect.busy}
      refusal={disconnect.refusal}
      onConfirm={confirm}
      onOpen={disconnect.forget}
    />
  );
}
