// A link to the page of the user guide that is about what is shown.

import { Link } from '@hubspot/ui-extensions';

import { guide } from './links.ts';
import type { GuidePage } from './links.ts';
import { usePage } from './page.tsx';

export function ReadMore({ about }: { about: GuidePage }) {
  const { texts, baseUrl } = usePage();
  return <Link href={{ url: guide(baseUrl, texts.language, about), external: true }}>{texts.t('guide.more')}</Link>;
}
