import { parseEndpoint } from '../api/endpoint.ts';
import { boardUrls, knownBoard, wantedBoards } from '../boards/choice.ts';
import { FILE } from '../boards/file-source.ts';
import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import { checkOut } from '../export/out-folder.ts';
import { checkTables } from '../export/wanted-tables.ts';
import { checkDetails } from './details.ts';
import { knownBoards } from './known-boards.ts';
import { readNames } from './given-files.ts';
import type { Command } from './pipeline.ts';
import { bigqueryPlace, checkWarehouse } from './places.ts';
import { hubTargets } from './publish.ts';

/**
 * All that can be known to be wrong of what a run is to do, before its first request: boards, kinds,
 * tables, targets, folders.
 *
 * @throws {EtlError} BOARD_UNKNOWN, CONFIG_INVALID, FOLDER_TAKEN, AUTH_DENIED
 */
export async function checkSettings(config: Config, command: Command): Promise<void> {
  parseEndpoint(config.endpoint);
  if (config.sources.includes('boards')) {
    const known = knownBoards(config);
    const ids = wantedBoards(config, known).map(({ id }) => id);
    const other = config.accept.find((id) => !ids.includes(id));
    if (other !== undefined)
      throw new EtlError('CONFIG_INVALID', `--accept: ${other} is no board of this run`);
    for (const id of Object.keys(boardUrls(config.boardUrl))) knownBoard(id, known);
    if (config.renderer !== undefined && config.renderer !== FILE) {
      const { kindNamed } = await import('../crawlers/kinds/index.ts');
      kindNamed(config.renderer, '--renderer');
    }
  } else {
    const name = (['board', 'url'] as const).find((it) => config[it] !== undefined);
    const message = `--${name} is for boards, which are not among --sources`;
    if (name !== undefined) throw new EtlError('CONFIG_INVALID', message);
  }
  await checkDetails(config);
  if (command === 'crawl') return;
  checkTables(config.tables);
  if (config.names !== undefined) await readNames(config.names);
  if (config.to.includes('duckdb')) checkWarehouse(config);
  if (config.to.includes('bigquery')) bigqueryPlace(config);
  await hubTargets(config);
  if (config.out !== undefined) await checkOut(config.out, { storageDir: config.storage });
}
