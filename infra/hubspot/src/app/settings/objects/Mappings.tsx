// The mappings table (contract product §4), page by page: an account may have hundreds.

import {
  Button,
  EmptyState,
  Flex,
  Heading,
  SearchInput,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Tag,
  Text,
  Tooltip,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { MappingView, ObjectView } from '../api/types.ts';
import { ConfirmButton } from '../parts/ConfirmButton.tsx';
import { ReadMore } from '../parts/ReadMore.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';
import type { Texts } from '../texts/index.ts';
import { MappingDialog } from './MappingDialog.tsx';
import { showSaved } from './useSaveObject.ts';

const ROWS = 20;
/** Fewer mappings are seen at a glance. */
const SEARCHED_FROM = 10;

interface MappingsProps {
  view: ObjectView;
  show: (view: ObjectView) => void;
}

export function Mappings({ view, show }: MappingsProps) {
  const { texts } = usePage();
  const [page, setPage] = useState(1);
  const [search, setSearch] = useState('');
  const found = view.mappings.filter((mapping) => isFound(texts, mapping, search));
  const pages = Math.max(1, Math.ceil(found.length / ROWS));
  const shown = Math.min(page, pages);
  const rows = found.slice((shown - 1) * ROWS, shown * ROWS);
  return (
    <Flex direction="column" gap="small">
      <Heading>{texts.t('mappings.title')}</Heading>
      <Text>
        {texts.t('mappings.text')} <ReadMore about="mappings" />
      </Text>
      {view.mappings.length > SEARCHED_FROM && (
        <SearchInput
          name={`search-${view.object}`}
          label={texts.t('mappings.search')}
          value={search}
          onInput={setSearch}
          onChange={setSearch}
          clearable
        />
      )}
      {rows.length === 0 ? (
        <EmptyState title={texts.t('mappings.none')} layout="vertical">
          <Text>{texts.t(search === '' ? 'mappings.noneText' : 'mappings.notFound')}</Text>
        </EmptyState>
      ) : (
        <Table bordered density="condensed" paginated pageCount={pages} page={shown} onPageChange={setPage} testId="mappings">
          <TableHead>
            <TableRow>
              <TableHeader>{texts.t('mappings.field')}</TableHeader>
              <TableHeader>{texts.t('mappings.property')}</TableHeader>
              <TableHeader>{texts.t('mappings.default')}</TableHeader>
              <TableHeader>{texts.t('mappings.dates')}</TableHeader>
              <TableHeader>{texts.t('mappings.actions')}</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map((mapping) => (
              <Row key={mapping.property} view={view} mapping={mapping} show={show} />
            ))}
          </TableBody>
        </Table>
      )}
      <Button
        variant="primary"
        overlay={<MappingDialog id={`add-${view.object}`} view={view} replaces={null} show={show} />}
        testId="add-mapping"
      >
        {texts.t('mappings.add')}
      </Button>
    </Flex>
  );
}

function Row({ view, mapping, show }: MappingsProps & { mapping: MappingView }) {
  const { texts } = usePage();
  const id = `${view.object}-${mapping.property}`;
  return (
    <TableRow>
      <TableCell>
        <Text>{fieldName(texts, mapping)}</Text>
        {view.required.includes(mapping.field ?? '') && <Tag inline>{texts.t('mappings.required')}</Tag>}
      </TableCell>
      <TableCell>
        <Text>{mapping.property}</Text>
        <Badges mapping={mapping} isTwoWay={view.two_way} />
      </TableCell>
      <TableCell>
        <Text>{mapping.default ?? '–'}</Text>
      </TableCell>
      <TableCell>
        <Text variant="microcopy">{texts.moment(mapping.created_at)}</Text>
        {mapping.updated_at !== mapping.created_at && (
          <Text variant="microcopy">{texts.t('mappings.updated', { at: texts.moment(mapping.updated_at) })}</Text>
        )}
      </TableCell>
      <TableCell>
        <Flex gap="extra-small">
          <Button
            size="extra-small"
            variant="secondary"
            overlay={<MappingDialog id={`edit-${id}`} view={view} replaces={mapping} show={show} />}
            testId={`edit-${mapping.property}`}
          >
            {texts.t('mappings.edit')}
          </Button>
          <DeleteMapping view={view} mapping={mapping} show={show} />
        </Flex>
      </TableCell>
    </TableRow>
  );
}

function Badges({ mapping, isTwoWay }: { mapping: MappingView; isTwoWay: boolean }) {
  const { texts } = usePage();
  const instead = mapping.written_instead;
  return (
    <Flex direction="column" gap="extra-small" align="start">
      {isTwoWay && mapping.one_way && (
        <Tag variant="info" inline overlay={<Tooltip>{texts.t('mappings.oneWayText')}</Tooltip>} testId="one-way">
          {texts.t('mappings.oneWay')}
        </Tag>
      )}
      {instead !== null && (
        <Text variant="microcopy">
          {instead === '' ? texts.t('mappings.notWritten') : texts.t('mappings.instead', { property: instead })}
        </Text>
      )}
    </Flex>
  );
}

function DeleteMapping({ view, mapping, show }: MappingsProps & { mapping: MappingView }) {
  const { texts, tell } = usePage();
  const doing = useDo('delete-mapping');
  const confirm = async () => {
    const { object, version } = view;
    const answer = await doing.run({ object, version, property: mapping.property });
    if (answer.ok) {
      tell(texts.t('mappings.deleted', { property: mapping.property }));
      show(answer.data);
    } else if (answer.code === 'changed_meanwhile') {
      showSaved(answer, show);
    }
    return answer.ok;
  };
  return (
    <ConfirmButton
      id={`delete-${view.object}-${mapping.property}`}
      label={texts.t('mappings.delete')}
      title={texts.t('mappings.deleteTitle', { property: mapping.property })}
      explanation={texts.t('mappings.deleteText')}
      deed={texts.t('mappings.delete')}
      size="xs"
      variant="transparent"
      busy={doing.busy}
      refusal={doing.refusal}
      onConfirm={confirm}
      onOpen={doing.forget}
    />
  );
}

/** The label with the internal name in parentheses. */
export function fieldName(texts: Texts, mapping: { field: string | null; field_label: string | null }): string {
  if (mapping.field === null) return texts.t('mappings.noField');
  return mapping.field_label === null ? mapping.field : `${texts.label(mapping.field_label)} (${mapping.field})`;
}

function isFound(texts: Texts, mapping: MappingView, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [fieldName(texts, mapping), mapping.property, mapping.default ?? ''].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
