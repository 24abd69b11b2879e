import type { Config } from '../config.ts';
import { REQUESTS_A_MODEL } from '../crawlers/details.ts';
import { topModels } from '../crawlers/listed.ts';
import { EtlError } from '../errors.ts';
import { readJsonSql, withDuckdb } from '../export/duckdb/session.ts';
import { textOf } from '../export/duckdb/values.ts';
import { createIdSet } from '../export/id-set.ts';
import { verifyFiles } from '../export/manifest.ts';
import { tablesByName } from '../tables/index.ts';
import type { Crawl } from './crawl-stage.ts';
import { readIds } from './given-files.ts';
import { releaseBefore } from './release-before.ts';
import { datasetsOf } from './state.ts';

/** Models that one run asks for at most: 300,000 requests, 50 hours without a token. */
const MOST_MODELS = 100_000;

/** What the Hub gives to who has no token, until its answers say otherwise. */
const ANONYMOUS = { quota: 500, windowSecs: 300 };

/**
 * @throws {EtlError} CONFIG_INVALID for models of lists that the run does not read, for a file that names none
 */
export async function checkDetails({ details, sources }: Config): Promise<void> {
  if (details === undefined) return;
  const file = fileOf(details);
  if (file !== undefined) await readIds(file);
  else if (!sources.includes('models'))
    throw new EtlError('CONFIG_INVALID', `--details ${details} needs models among --sources`);
}

const fileOf = (details: string): string | undefined => /^ids:(.+)/s.exec(details)?.[1];

/** The models that a run is to ask for; states what that takes before it begins. */
export async function detailsOf(crawl: Crawl): Promise<string[]> {
  const { state, dependencies } = crawl;
  const { log, client } = dependencies;
  const ids = await chosen(crawl);
  const had = state.sources.details?.listed ?? 0;
  const requests = Math.max(0, ids.length - had) * REQUESTS_A_MODEL;
  const { quota = ANONYMOUS.quota, windowSecs = ANONYMOUS.windowSecs } = client.gate.last() ?? {};
  const minutes = Math.ceil((requests / quota) * (windowSecs / 60));
  log.info(
    { models: ids.length, had, requests, minutes, quota, windowSecs },
    `details: ${requests} requests, ${minutes} minutes of quota at most`,
  );
  if (ids.length >= MOST_MODELS)
    log.warn({ models: MOST_MODELS }, 'details: no more are asked for in one run');
  return ids;
}

async function chosen(crawl: Crawl): Promise<string[]> {
  const { config, state } = crawl;
  const { details = '' } = config;
  const file = fileOf(details);
  if (file !== undefined) return (await readIds(file)).slice(0, MOST_MODELS);
  const [, top] = /^top:(\d+)$/.exec(details) ?? [];
  const isWanted = top === undefined ? await whatChanged(crawl) : () => true;
  if (isWanted === null) return [];
  const lists = ['models', 'catchup'].flatMap((it) => datasetsOf(state, it));
  const most = top === undefined ? MOST_MODELS : Number(top);
  return topModels(config.storage, lists, { most, isWanted });
}

/** Whether a model is new, or has another commit, since the release before; null without one. */
async function whatChanged({ config, state, dependencies }: Crawl) {
  const before = await releaseBefore(config, state, 'models');
  const entry = before?.manifest.tables['core_model'];
  if (before === null || entry === undefined) {
    dependencies.log.warn({}, 'details: there is no whole release before this run: none changed');
    return null;
  }
  await verifyFiles({ ...before.manifest, tables: { core_model: entry } }, before.folder);
  const shas = createIdSet();
  await withDuckdb(':memory:', { threads: 1, memoryLimit: '300MB' }, async (connection) => {
    const rows = await connection.stream(
      `SELECT _id, coalesce(sha, '') AS sha FROM ${readJsonSql(tablesByName.core_model, entry, before.folder)}`,
    );
    for await (const some of rows.yieldRowObjectJs())
      for (const { _id, sha } of some) shas.add(textOf(_id), textOf(sha), 0);
  });
  return ({ _id, sha }: { _id: string; sha: string | null }): boolean =>
    shas.add(_id, sha ?? '', 1)?.hasSameName !== true;
}
