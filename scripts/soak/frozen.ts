import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startHub } from '../../demo/hub/index.ts';
import { startOpenLlm } from '../../demo/open-llm/server.ts';
import { startTablePage } from '../../tests/browser/table-page.ts';
import { boardOfDay } from '../../tests/helpers/board-days.ts';
import { runCli } from '../../tests/helpers/cli.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { numberedTable, readTable } from '../../tests/replica/gradio/real-tables.ts';
import { GENERATIONS, startGradio, type GradioOptions } from '../../tests/replica/gradio/server.ts';
import { startTables, TABLE_KINDS, type TablesOptions } from '../../tests/replica/tables/server.ts';
import type { SoakPart } from './part.ts';

const COMPARE = path.join(import.meta.dirname, '../compare-tables.ts');
const FROZEN = path.join(import.meta.dirname, '../frozen/boards.json');
const TABLES = 'leaderboard,leaderboard_entries,leaderboard_scores,board_models';

interface Served {
  url: string;
  spaceUrl?: string;
  close: () => Promise<void>;
}
/** The pages of a run by the id of the board; `url` is one that nobody described. */
type Pages = Record<string, () => Promise<Served>>;

/** The page of a Space, which has the app in a frame. */
const asSpace = (opened: Promise<Served>): Promise<Served> =>
  opened.then((it) => ({ ...it, url: it.spaceUrl ?? it.url }));

async function gradioRuns(): Promise<Record<string, Pages>> {
  const [asr, llm] = await Promise.all([readTable('open-asr'), readTable('open-llm-v2-gradio')]);
  const late = { ...asr, load: { afterMs: 700, before: asr.rows.slice(0, 20) } };
  const on = ['Available on the hub', 'Not_Merged', 'Flagged'];
  const board = {
    selected: ['T', 'Model', 'Average ⬆️', 'IFEval'],
    hidden: ['fullname'],
    filters: on.map((it) => ({ column: it, label: it, on: true })),
  };
  const page = (generation: GradioOptions['generation'], given: Partial<GradioOptions> = {}) => {
    return () => startGradio({ generation, tables: [asr], ...given });
  };
  const runs: Record<string, Pages> = {
    'open-asr-config-late': { 'open-asr': page('5.49', { config: 'late' }) },
    'open-asr-config-hidden': { 'open-asr': page('6.25', { config: 'hidden' }) },
    'open-asr-space': { 'open-asr': () => asSpace(page('5.49')()) },
    'url-gradio-space': { url: () => asSpace(page('6.31')()) },
  };
  for (const generation of GENERATIONS) {
    runs[`open-asr-${generation}`] = { 'open-asr': page(generation) };
    runs[`url-gradio-${generation}`] = { url: page(generation) };
    if (generation.startsWith('leaderboard')) {
      const tables = [{ ...llm, board }];
      runs[`open-llm-v2-${generation}`] = { 'open-llm-v2-gradio': page(generation, { tables }) };
    } else {
      runs[`open-asr-${generation}-late`] = { 'open-asr': page(generation, { tables: [late] }) };
    }
  }
  for (const generation of ['3.50', '4.44', '6.25'] as const) {
    const tables = [numberedTable('long', 2000)];
    runs[`url-gradio-${generation}-2000`] = { url: page(generation, { tables }) };
  }
  return runs;
}

function tableRuns(): Record<string, Pages> {
  const page = (options: TablesOptions) => () => startTables(options);
  const four = (given: Pick<TablesOptions, 'mutation'> = {}): Pages => ({
    mteb: page({ kind: 'mteb', ...given }),
    ugi: page({ kind: 'ag-grid', ...given }),
    vectara: page({ kind: 'static', ...given }),
    'tts-arena': page({ kind: 'tts-arena', ...given }),
  });
  const undescribed = TABLE_KINDS.map((kind): [string, Pages] => [
    `url-${kind}`,
    { url: page({ kind }) },
  ]);
  return {
    ...Object.fromEntries(undescribed),
    'url-hub-dataset': { url: page({ kind: 'hub', hubPage: 'dataset' }) },
    'url-day': { url: async () => startTablePage(await boardOfDay('2024-12-10')) },
    tables: four(),
    'tables-column-added': four({ mutation: 'column-added' }),
    'tables-column-moved': four({ mutation: 'column-moved' }),
    'tables-count-told': four({ mutation: 'count-told' }),
    'tables-rows-late': four({ mutation: 'rows-late' }),
    'tables-reordered': four({ mutation: 'tables-reordered' }),
    'open-llm-strict-cache': { 'open-llm': () => startOpenLlm({ cache: 'strict' }) },
  };
}

/** What went wrong with a run; its tables are in the folder of its name. */
async function exportRun(folder: string, [name, pages]: [string, Pages], models: string) {
  const opened = await Promise.all(
    Object.entries(pages).map(async ([id, open]) => [id, await open()] as const),
  );
  const ids = opened.map(([id]) => id);
  try {
    const boardUrl = opened.map(([id, { url }]) => `${id}=${url}`); // an address may have commas
    const url = boardUrl[0]?.replace(/^url=/, '') ?? '';
    const settings = ids[0] === 'url' ? { url, id: 'url' } : { board: ids, boardUrl };
    await writeFile(path.join(folder, 'huggingface-etl.config.json'), JSON.stringify(settings));
    const sources = name === 'with-models' ? ['models,benchmarks,boards'] : ['boards'];
    const { code, stderr } = await runCli(
      [
        ...['run', '--sources', ...sources, '--verify', 'all', '--endpoint', models],
        ...['--storage', path.join(folder, 'storage', name), '--log-level', 'error'],
        ...['--out', path.join(folder, 'out', name), '--to', 'jsonl', '--compress', 'none'],
        ...(name === 'with-models' ? [] : ['--tables', TABLES]),
      ],
      { folder },
    );
    return code === 0 ? [] : [`${name}: exit code ${code}: ${stderr}`];
  } finally {
    await Promise.all(opened.map(([, { close }]) => close()));
  }
}

export const part: SoakPart = {
  about:
    'the tables of every board and kind of page, by digests, against scripts/frozen/boards.json; RENEW=1 writes it',
  async run() {
    const { folder, remove } = await temporaryFolder();
    const hub = await startHub();
    const [gradio, tables] = [await gradioRuns(), tableRuns()];
    const { vectara = startOpenLlm } = tables['tables'] ?? {};
    const asr = gradio['open-asr-5.49'] ?? {};
    const runs = {
      ...gradio,
      ...tables,
      'with-models': { 'open-llm': startOpenLlm, vectara, ...asr },
    };
    try {
      const failures: string[] = [];
      for (const it of Object.entries(runs))
        failures.push(...(await exportRun(folder, it, hub.url)));
      const renews = process.env['RENEW'] === '1';
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [COMPARE, path.join(folder, 'out'), ...(renews ? ['--json'] : ['--against', FROZEN])],
        { maxBuffer: 2 ** 26 },
      ).catch((error: unknown) => error as { stdout: string }); // exit code 1: it says what differs
      if (renews) await writeFile(FROZEN, stdout);
      const lines = stdout.trim().split('\n');
      failures.push(...lines.filter((it) => it.includes(' differs: ')));
      return { counts: `${Object.keys(runs).length} runs, ${lines.at(-1) ?? ''}`, failures };
    } finally {
      await hub.close();
      await remove();
    }
  },
};
