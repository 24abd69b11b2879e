import { boardUrls, knownBoard, wantedBoards } from '../boards/choice.ts';
import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import { checkOut } from '../export/out-folder.ts';
import { tables } from '../tables/index.ts';
import { bigqueryPlace } from './export.ts';
import type { Plan } from './pipeline.ts';

/**
 * All that can be known to be wrong of what a run is to do, before its first request: boards, kinds,
 * tables, targets, folders.
 *
 * @throws {EtlError} BOARD_UNKNOWN, CONFIG_INVALID, FOLDER_TAKEN
 */
export async function checkSettings(config: Config, { crawlOnly }: Plan): Promise<void> {
  if (config.sources.includes('boards')) {
    wantedBoards(config);
    Object.keys(boardUrls(config.boardUrl)).forEach(knownBoard);
    if (config.renderer !== undefined) {
      const { kindNamed } = await import('../crawlers/kinds/index.ts');
      kindNamed(config.renderer, '--renderer');
    }
  } else {
    const name = (['board', 'url'] as const).find((it) => config[it] !== undefined);
    const message = `--${name} is for boards, which are not among --sources`;
    if (name !== undefined) throw new EtlError('CONFIG_INVALID', message);
  }
  if (crawlOnly) return;
  checkTables(config.tables);
  if (config.to.includes('bigquery')) bigqueryPlace(config);
  if (config.out !== undefined) await checkOut(config.out, { storageDir: config.storage });
}

/** @throws {EtlError} CONFIG_INVALID for a name that no table has */
export function checkTables(names: readonly string[] | undefined): void {
  const unknown = names?.filter((name) => !tables.some((table) => table.name === name)) ?? [];
  if (unknown.length > 0)
    throw new EtlError('CONFIG_INVALID', `no such table: ${unknown.join(', ')}`);
}
