// What this account and this key can synchronize, and why not where they cannot.

import { Flex, Heading, StatusTag, Table, TableBody, TableCell, TableHead, TableHeader, TableRow, Text } from '@hubspot/ui-extensions';

import type { ObjectSummary } from '../api/types.ts';
import { usePage } from '../parts/page.tsx';

export function Abilities({ objects }: { objects: ObjectSummary[] }) {
  const { texts } = usePage();
  return (
    <Flex direction="column" gap="small">
      <Heading>{texts.t('abilities.title')}</Heading>
      <Text>{texts.t('abilities.text')}</Text>
      <Table bordered density="condensed" testId="abilities">
        <TableHead>
          <TableRow>
            <TableHeader>{texts.t('abilities.type')}</TableHeader>
            <TableHeader>{texts.t('abilities.object')}</TableHeader>
            <TableHeader>{texts.t('abilities.state')}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {objects.map((one) => (
            <TableRow key={one.object}>
              <TableCell>{texts.t(`types.${one.object}`)}</TableCell>
              <TableCell>{texts.hubspotObject(one.hubspot_object)}</TableCell>
              <TableCell>
                <Ability of={one} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Flex>
  );
}

function Ability({ of }: { of: ObjectSummary }) {
  const { texts } = usePage();
  if (of.unavailable !== null) {
    return (
      <Flex direction="column" gap="extra-small">
        <StatusTag variant="warning">{texts.t('abilities.not')}</StatusTag>
        <Text variant="microcopy">{texts.say(of.unavailable, of.unavailable_sv)}</Text>
      </Flex>
    );
  }
  return (
    <StatusTag variant={of.enabled ? 'success' : 'default'}>{texts.t(of.enabled ? 'abilities.on' : 'abilities.off')}</StatusTag>
  );
}
