import { z } from 'zod';
import { bool, int, params, rec, scalar, str, strs } from './fields.ts';
import { cardColumns, extra, listColumns } from './repo-columns.ts';

const hardware = rec(
  {
    current: str('What it runs on, e.g. `cpu-basic`, `zero-a10g`. Null while it does not run.'),
    requested: str('What its owner asked for.'),
    params: params('Keys without a column.'),
  },
  'Hardware.',
);

export const spaceList = {
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

export const spaceCard = {
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
  ...spaceList,
  cardData: rec(spaceCard, 'Front matter of the README.'),
  extra,
});
export type HubSpace = z.output<typeof spaceRecord>;
