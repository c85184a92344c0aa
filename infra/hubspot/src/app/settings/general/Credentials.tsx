// Kleer's credentials. Terms are accepted before anything is saved; what was typed stays until it was taken.

import { Alert, Checkbox, Flex, Form, Heading, Input, Link, LoadingButton, StatusTag, Text } from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { Overview } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { guide } from '../parts/links.ts';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';
import { StartAfresh } from './StartAfresh.tsx';

export function Credentials({ overview, reload }: { overview: Overview; reload: () => void }) {
  const { texts, tell } = usePage();
  const { kleer, terms } = overview;
  const [company, setCompany] = useState<string | null>(null);
  const [key, setKey] = useState('');
  const [isAccepted, setAccepted] = useState(terms.accepted !== null);
  const [isTried, setTried] = useState(false);
  const accept = useDo('accept-terms');
  const save = useDo('save-credentials');

  const typedCompany = company ?? (kleer.company_id === null ? '' : String(kleer.company_id));
  const wrongCompany = /^\s*\d+\s*$/.test(typedCompany) ? null : texts.t('code.invalid_company_id');
  const wrongKey = key.trim() === '' ? texts.t('code.missing_key') : null;
  const refusal = accept.refusal ?? save.refusal;

  const submit = async () => {
    setTried(true);
    save.forget();
    accept.forget();
    if (wrongCompany !== null || wrongKey !== null || !isAccepted) return;
    if (terms.accepted === null && !(await accept.run({ version: terms.version })).ok) return;
    const answer = await save.run({ company_id: typedCompany.trim(), api_key: key.trim() });
    if (!answer.ok) return;
    done();
    tell(texts.t('credentials.saved', { company: answer.data.company_name ?? String(answer.data.company_id) }));
  };
  const done = () => {
    setKey('');
    setCompany(null);
    setTried(false);
    save.forget();
    reload();
  };

  return (
    <Flex direction="column" gap="small">
      <Flex gap="small" align="center" wrap>
        <Heading>{texts.t('credentials.title')}</Heading>
        {kleer.company_name !== null && (
          <Text format={{ fontWeight: 'demibold' }} testId="company-name">
            {kleer.company_name}
          </Text>
        )}
      </Flex>
      <Text>{texts.t('credentials.where')}</Text>
      <Form onSubmit={() => void submit()} autoComplete="off">
        <Flex direction="column" gap="medium">
          <Flex gap="medium" align="end" wrap>
            <Input
              name="company_id"
              label={texts.t('credentials.company')}
              value={typedCompany}
              onInput={setCompany}
              onChange={setCompany}
              required
              error={isTried && wrongCompany !== null}
              {...(isTried && wrongCompany !== null ? { validationMessage: wrongCompany } : {})}
            />
            <Configured is={kleer.configured} id="company-configured" />
          </Flex>
          <Flex gap="medium" align="end" wrap>
            <Input
              name="api_key"
              label={texts.t('credentials.key')}
              type="password"
              value={key}
              onInput={setKey}
              onChange={setKey}
              required={!kleer.configured}
              placeholder={kleer.configured ? texts.t('credentials.keySaved') : ''}
              error={isTried && wrongKey !== null}
              {...(isTried && wrongKey !== null ? { validationMessage: wrongKey } : {})}
            />
            <Configured is={kleer.configured} id="key-configured" />
          </Flex>
          <TermsOfUse overview={overview} isAccepted={isAccepted} setAccepted={setAccepted} isMissing={isTried && !isAccepted} />
          <Refused refusal={refusal}>
            {save.refusal?.code === 'other_company' && (
              <StartAfresh company={typedCompany.trim()} apiKey={key.trim()} done={done} />
            )}
          </Refused>
          <LoadingButton variant="primary" type="submit" loading={accept.busy || save.busy} testId="save-credentials">
            {texts.t('credentials.save')}
          </LoadingButton>
        </Flex>
      </Form>
    </Flex>
  );
}

function Configured({ is, id }: { is: boolean; id: string }) {
  const { texts } = usePage();
  return (
    <StatusTag variant={is ? 'success' : 'default'} testId={id}>
      {texts.t(is ? 'credentials.configured' : 'credentials.missing')}
    </StatusTag>
  );
}

interface TermsProps {
  overview: Overview;
  isAccepted: boolean;
  setAccepted: (is: boolean) => void;
  isMissing: boolean;
}

function TermsOfUse({ overview, isAccepted, setAccepted, isMissing }: TermsProps) {
  const { texts, baseUrl } = usePage();
  const { version, accepted } = overview.terms;
  const link = <Link href={{ url: guide(baseUrl, texts.language, 'terms'), external: true }}>{texts.t('terms.read')}</Link>;
  if (accepted !== null) {
    const who = accepted.user_email ?? texts.t('terms.somebody');
    return (
      <Flex direction="column" gap="extra-small">
        <Text variant="microcopy">{texts.t('terms.accepted', { version, who, at: texts.moment(accepted.at) })}</Text>
        {link}
      </Flex>
    );
  }
  return (
    <Flex direction="column" gap="extra-small">
      <Checkbox name="terms" checked={isAccepted} onChange={setAccepted} testId="terms">
        {texts.t('terms.accept', { version })}
      </Checkbox>
      {link}
      {isMissing && (
        <Alert title={texts.t('code.terms_not_accepted')} variant="warning" testId="terms-missing">
          <Text>{texts.t('terms.why')}</Text>
        </Alert>
      )}
    </Flex>
  );
}
