import { z } from 'zod';
import { bool, int, params, rec, scalar, str, strs } from './fields.ts';
import {
  cardColumns,
  extra,
  licenseColumns,
  licenseIn,
  listColumns,
  nothingOf,
} from './repo-columns.ts';
import { defineTable } from './table.ts';

const hardware = rec(
  {
    current: str('What it runs on, e.g. `cpu-basic`, `zero-a10g`. Null while it does not run.'),
    requested: str('What its owner asked for.'),
    params: params('Keys without a column.'),
  },
  'Hardware.',
);

const list = {
  ...listColumns,
  sdk: str('gradio, docker, static or streamlit. Null where the card names none.'),
  subdomain: str('Name of its page under hf.space.'),
  region: str('Where it runs. Null where the Hub does not list it.'),
  models: strs('Models that it uses, as the Hub found them; see table space_models.'),
  datasets: strs('Data sets that it uses, as the Hub found them; see table space_datasets.'),
  runtime: rec(
    {
      stage: str('RUNNING, SLEEPING, PAUSED, BUILDING, BUILD_ERROR, RUNTIME_ERROR …'),
      hardware,
      error: str('Why it does not run.'),
      sha: str('Commit that runs.'),
      gc_timeout: int('Seconds without a visitor after which it sleeps.'),
      params: params('Keys without a column: replicas, domains, storage …'),
    },
    'How it ran when it was listed. Null where the Hub does not tell.',
  ),
};

const card = {
  title: scalar('Title.'),
  short_description: str('What it does, in a sentence.'),
  ...cardColumns,
  sdk_version: scalar('Version of the SDK.'),
  python_version: scalar('Version of Python.'),
  app_file: str('File that is started.'),
  app_port: int('Port that it listens on (docker).'),
  pinned: bool('Whether its owner shows it first.'),
  hf_oauth: bool('Whether visitors may log in with their account of the Hub.'),
  card_models: strs('Models, as the card names them.'),
  card_datasets: strs('Data sets, as the card names them.'),
  params: params('Keys of the card without a column: emoji, colorFrom, sdk …'),
};

/** The clean record of a Space. */
export const spaceRecord = z.strictObject({
  ...list,
  cardData: rec(card, 'Front matter of the README.'),
  extra,
});
export type HubSpace = z.output<typeof spaceRecord>;

const row = z.strictObject({ ...list, ...licenseColumns, ...card, extra });

const NO_CARD = nothingOf(card);

export const hubSpaces = defineTable<typeof row, 'space'>({
  name: 'hub_spaces',
  description:
    'One row is a Space of the Hub, with what the Hub lists, how it ran, and what its card states. Its popularity over time: space_usage.',
  origin: 'space',
  row,
  key: ['_id'],
  since: '0.1.0',
  project: ({ cardData, extra: rest, ...fields }) => {
    const stated = cardData ?? NO_CARD;
    return [{ ...fields, ...licenseIn(fields.tags, stated), ...stated, extra: rest }];
  },
});
