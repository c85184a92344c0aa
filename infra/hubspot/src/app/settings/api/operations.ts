// Every operation: what it is asked with, what it answers with. Its name is the last part of its address.

import type { paths } from './schema.ts';
import type { Told } from './types.ts';

type Described<N extends Name> = paths[`/settings/${N}`]['post'];

export type Name = keyof paths extends `/settings/${infer N}` ? N : never;
export type Request<N extends Name> = Described<N>['requestBody']['content']['application/json'];
export type Answered<N extends Name> = Told<
  Extract<Described<N>['responses'][200]['content']['application/json'], { data: unknown }>['data']
>;
