// The words of the settings API. They are made from its description (`infra/settings-api.json`, which is made from the code): after
// a change there, `npm run api` makes them anew.

import type * as api from './schema.ts';

/** What is told has all its fields: what there is none of is null. Only in questions may a field be left out. */
export type Told<T> = T extends (infer One)[]
  ? Told<One>[]
  : T extends object
    ? { [Field in keyof T]-?: Told<Exclude<T[Field], undefined>> }
    : T;

export type { Code, ObjectName, RecordRequest, SaveObject } from './schema.ts';

export type ActivityLine = Told<api.ActivityLine>;
export type Afresh = Told<api.Afresh>;
export type CountsView = Told<api.CountsView>;
export type Fault = Told<api.Fault>;
export type FoundRecord = Told<api.FoundRecord>;
export type MappingView = Told<api.MappingView>;
export type ObjectStatus = Told<api.ObjectStatus>;
export type ObjectSummary = Told<api.ObjectSummary>;
export type ObjectView = Told<api.ObjectView>;
export type Overview = Told<api.Overview>;
export type Preview = Told<api.Preview>;
export type PreviewCounts = Told<api.PreviewCounts>;
export type PreviewState = Told<api.PreviewState>;
export type ProblemView = Told<api.ProblemView>;
export type PropertyChoice = Told<api.PropertyChoice>;
export type Sample = Told<api.Sample>;
export type SyncSettingsView = Told<api.SyncSettingsView>;
export type SyncStatus = Told<api.SyncStatus>;
export type WrittenOnDay = Told<api.WrittenOnDay>;
