import { z } from 'zod';
import { req, reqOneOf, str } from './fields.ts';
import { defineTable } from './table.ts';

/** What a licence lets people do, in four words. */
export const FAMILIES = ['open_source', 'use_limits', 'non_commercial', 'unknown'] as const;

export type Family = (typeof FAMILIES)[number];

const row = z.strictObject({
  license: req(
    'Id of the licence: that of the Hub, or a name that many models give under `other`.',
  ),
  spdx_id: str(
    'Id in the SPDX list. Null where it has none. GPL-2.0 and its like do not say whether later versions are allowed: neither does the Hub.',
  ),
  family: reqOneOf(
    FAMILIES,
    'open_source: approved by the Open Source Initiative, free by the FSF, or open by the Open Definition (data, texts); use_limits: weights are open, but some uses, users or changes are not allowed; non_commercial: research or private use alone; unknown: the id names several licences, or none.',
  ),
  source: req('Who says so: osi, fsf, open definition, or the licence itself (text).'),
});

export type License = z.output<typeof row>;

export const licenseFamilies = defineTable({
  name: 'license_families',
  description:
    "One row is a licence that this program knows: the ids of the Hub's list and a few names. A sorting for counts, not legal advice; what a text allows stands in the text.",
  origin: 'list',
  row,
  key: ['license'],
});

/** Ids as they stand in SPDX, but for capitals; `id=SPDX` where more differs, `id=` where it has none. */
const LISTS: readonly [Family, source: string, ids: string][] = [
  [
    'open_source',
    'osi',
    'Apache-2.0 MIT AFL-3.0 Artistic-2.0 BSL-1.0 bsd= BSD-2-Clause BSD-3-Clause ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 AGPL-3.0 gpl= GPL-2.0 GPL-3.0 lgpl= LGPL-2.1 LGPL-3.0 ISC LPPL-1.3c MS-PL MPL-2.0 OSL-3.0 PostgreSQL OFL-1.1 NCSA Unlicense Zlib',
  ],
  ['open_source', 'fsf', 'BSD-3-Clause-Clear WTFPL gfdl='],
  [
    'open_source',
    'open definition',
    'CC0-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 pddl=PDDL-1.0 odc-by=ODC-By-1.0 odbl=ODbL-1.0 etalab-2.0=etalab-2.0',
  ],
  [
    'open_source',
    'text',
    'CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 lgpl-lr=LGPLLR openmdw-1.0= openmdw-1.1=',
  ],
  [
    'use_limits',
    'text',
    'CC-BY-ND-4.0 C-UDA=C-UDA-1.0 openrail= bigscience-openrail-m= creativeml-openrail-m= bigscience-bloom-rail-1.0= bigcode-openrail-m= openrail++= llama2= llama3= llama3.1= llama3.2= llama3.3= llama4= gemma= grok2-community= qwen= deepseek= stabilityai-ai-community= nvidia-open-model-license= tencent-hunyuan-community= modified-mit=',
  ],
  [
    'non_commercial',
    'text',
    'CC-BY-NC-2.0 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 deepfloyd-if-license= apple-amlr= h-research= intel-research= fair-noncommercial-research-license= flux-1-dev-non-commercial-license= exaone= mrl= mnpl= qwen-research=',
  ],
  ['unknown', 'text', 'apple-ascl= cc= other= unknown='],
];

/** Every row of the table. */
export const LICENSES: readonly License[] = LISTS.flatMap(([family, source, ids]) =>
  ids.split(' ').map((entry) => {
    const [id = '', spdx = id] = entry.split('=');
    return { license: id.toLowerCase(), spdx_id: spdx === '' ? null : spdx, family, source };
  }),
);

/** Other ways to write a known id, where more differs than `licenseNamed` takes away. */
const SPELLINGS: Readonly<Record<string, string>> = {
  'apache-2': 'apache-2.0',
  'apache2.0': 'apache-2.0',
  apache2: 'apache-2.0',
  'bsd-2': 'bsd-2-clause',
  'bsd-3': 'bsd-3-clause',
  cc0: 'cc0-1.0',
  'gpl-3': 'gpl-3.0',
  gplv3: 'gpl-3.0',
  'gpl-2': 'gpl-2.0',
  gplv2: 'gpl-2.0',
  'agpl-3': 'agpl-3.0',
  'llama-2': 'llama2',
  'llama-3': 'llama3',
  'llama-3.1': 'llama3.1',
  'llama-3.2': 'llama3.2',
  'llama-3.3': 'llama3.3',
  'gemma-terms-of-use': 'gemma',
  'flux.1-dev-non-commercial': 'flux-1-dev-non-commercial-license',
  'pddl-1.0': 'pddl',
  'c-uda-1.0': 'c-uda',
};

const byId = new Map(LICENSES.map((it) => [it.license, it]));

/** The licence that a text names: by its id, whatever its case, with or without `the`, `license` and `version`. Nothing is guessed from parts. */
export function licenseNamed(text: string): License | undefined {
  if (text === '' || text.length > 100) return undefined;
  const exact = byId.get(text);
  if (exact !== undefined) return exact;
  const id = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_,]+/g, '-')
    .replace(/^the-/, '');
  // `Apache License, Version 2.0`, `GPL v3`
  const bare = id.replace(/-licen[cs]e(?=-|$)/, '').replace(/-(?:version-|v)(?=\d)/, '-');
  for (const name of [id, bare]) {
    const found = byId.get(SPELLINGS[name] ?? name);
    if (found !== undefined) return found;
  }
  return undefined;
}
