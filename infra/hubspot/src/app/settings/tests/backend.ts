// A backend for the page's tests: answers by operation, and keeps what it was asked.

import { hubspot } from '@hubspot/ui-extensions';
import { vi } from 'vitest';

import type { Answered, Name, Request } from '../api/operations.ts';
import type { Code, MappingView, ObjectSummary, ObjectView, Overview, ProblemView, SyncStatus } from '../api/types.ts';

export const BASE = 'https://hubspot.example.com';

/** What the backend says instead of an answer. */
export class Refuse {
  readonly code: Code;
  readonly details: unknown;
  constructor(code: Code, details?: unknown) {
    this.code = code;
    this.details = details;
  }
}

type Said<N extends Name> = Answered<N> | Refuse;
type Answers = { [N in Name]?: (request: Request<N>) => Said<N> | Promise<Said<N>> };

export interface Backend {
  /** Operations with what they were asked with, in order. */
  asked: { operation: string; request: Record<string, unknown> }[];
  answers: Answers;
  of(operation: Name): Record<string, unknown>[];
}

export function backend(answers: Answers): Backend {
  const made: Backend = {
    asked: [],
    answers,
    of: (operation) => made.asked.filter((one) => one.operation === operation).map((one) => one.request),
  };
  vi.spyOn(hubspot, 'fetch').mockImplementation(async (url, options) => {
    const operation = String(url).replace(`${BASE}/settings/`, '') as Name;
    const request = { ...options?.body };
    delete request['request'];
    made.asked.push({ operation, request });
    const answer = made.answers[operation] as ((request: unknown) => unknown) | undefined;
    if (!answer) return new Response('', { status: 503 });
    const told = await answer(request);
    if (told instanceof Refuse) {
      return Response.json({ ok: false, code: told.code, message: `Refused: ${told.code}.`, details: told.details });
    }
    return Response.json({ ok: true, data: told });
  });
  return made;
}

const AT = '2026-11-21T10:00:00Z';

export function summary(more: Partial<ObjectSummary>): ObjectSummary {
  return {
    object: 'client',
    enabled: false,
    hubspot_object: 'companies',
    unavailable: null,
    unavailable_sv: null,
    problems: 0,
    version: 3,
    interval_s: null,
    default_interval_s: null,
    ...more,
  };
}

export function overview(more: Partial<Overview> = {}): Overview {
  return {
    portal: 4242,
    hubspot: { status: 'connected', since: AT, installed_by: 'eva@example.com' },
    kleer: { configured: true, company_id: 1, company_name: 'Demo AB' },
    terms: { version: '2026-11-01', accepted: { version: '2026-11-01', user_id: 7, user_email: 'eva@example.com', at: AT } },
    starting_afresh: null,
    sync: {
      version: 1,
      invoice_window_months: 12,
      match_companies: true,
      match_any_number: false,
      project_pipeline: null,
      default_product: null,
    },
    objects: [
      summary({ object: 'client', hubspot_object: 'companies', default_interval_s: 900 }),
      summary({ object: 'line_item', hubspot_object: 'line_items' }),
      summary({
        object: 'project',
        hubspot_object: 'projects',
        unavailable: 'Projects need another plan.',
        unavailable_sv: 'Projekt kräver ett annat abonnemang.',
        default_interval_s: 900,
        interval_s: 300,
      }),
    ],
    ...more,
  };
}

export function mapping(field: string | null, property: string, more: Partial<MappingView> = {}): MappingView {
  return {
    field,
    field_label: field === 'name' ? 'Name' : field === 'phone' ? 'Phone' : null,
    property,
    default: null,
    one_way: false,
    written_instead: null,
    created_at: AT,
    updated_at: AT,
    ...more,
  };
}

export function client(more: Partial<ObjectView> = {}): ObjectView {
  const field = (name: string, label: string) => ({
    name,
    label,
    writable: true,
    types: ['string', 'enumeration'],
    new_type: 'string',
    suggested_name: `kleer_${name}`,
    suggested_label: label,
  });
  return {
    version: 3,
    object: 'client',
    enabled: false,
    faults: [],
    unavailable: null,
    unavailable_sv: null,
    hubspot_object: 'companies',
    default_hubspot_object: 'companies',
    hubspot_objects: ['companies', 'deals'],
    two_way: true,
    create_in_kleer: false,
    interval_s: null,
    default_interval_s: 900,
    required: ['name'],
    mappings: [mapping('name', 'name'), mapping('phone', 'kleer_phone', { one_way: true })],
    fields: [field('name', 'Name'), field('phone', 'Phone'), field('gln', 'GLN')],
    ...more,
  };
}

const NONE = { source: 0, created: 0, updated: 0, unchanged: 0, waiting: 0, failed: 0, excluded: 0 };

export function status(more: Partial<SyncStatus['objects'][number]> = {}): SyncStatus {
  return {
    at: AT,
    chargeable: 0,
    written: [{ day: '2026-11-20', object: 'client', records: 12 }],
    objects: [
      {
        object: 'client',
        enabled: true,
        running: false,
        started_at: AT,
        finished_at: AT,
        interrupted: null,
        interrupted_sv: null,
        pages: 3,
        pages_done: 3,
        counts: { ...NONE, source: 200, created: 3, unchanged: 197 },
        line_items: NONE,
        fresh_as_of: AT,
        next_run_at: AT,
        unavailable: null,
        unavailable_sv: null,
        problems: 1,
        verification: null,
        ...more,
      },
    ],
  };
}

export function problem(more: Partial<ProblemView> = {}): ProblemView {
  return {
    object: 'client',
    code: 'missing_value',
    side: 'kleer',
    kleer_id: 1004,
    hubspot_id: '55',
    link: 'https://app.hubspot.com/contacts/4242/record/0-2/55',
    property: 'name',
    message: 'The name is empty.',
    message_sv: 'Namnet är tomt.',
    remedy: 'Give the client a name in Kleer.',
    remedy_sv: 'Ge kunden ett namn i Kleer.',
    retry_at: null,
    can_retry: true,
    can_recreate: false,
    can_choose: false,
    ...more,
  };
}
