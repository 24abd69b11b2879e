import path from 'node:path';
import { summary } from '../../../src/cli/summary.ts';
import type { Config } from '../../../src/config.ts';
import { readManifest, type Manifest } from '../../../src/export/manifest.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { readJsonl } from '../../helpers/jsonl.ts';
import { runInProcess, type Row, type Settings } from '../../helpers/pipeline.ts';

interface Told {
  report: RunReport;
  manifest: Manifest;
  /** The row of table `runs`. */
  run: Row;
  /** The rows of table `completeness`, by source. */
  source: (name: string) => Row | undefined;
  text: string;
}

const HEAD = { to: 'jsonl', compress: 'none' };

const test = base.extend<{ told: (settings: Settings, command?: string) => Promise<Told> }>({
  /** What a command says of itself, wherever it says it. */
  told: async ({ folder }, use) => {
    await use(async (settings, command = 'run') => {
      const only: Settings = command === 'run' ? {} : { retryBase: false };
      const asked = { storage: folder, ...HEAD, ...only, ...settings };
      const { report } = await runInProcess(asked, { command });
      const out = report.folder ?? '';
      const rows = (table: string): Promise<Row[]> => readJsonl(path.join(out, `${table}.jsonl`));
      const [run = {}] = await rows('runs');
      const sources = await rows('completeness');
      const manifest = await readManifest(out);
      expect(report.completeness).toEqual(manifest.completeness);
      return {
        ...{ report, manifest, run },
        source: (name) => sources.find(({ source }) => source === name),
        text: summary(report, { storage: folder } as unknown as Config), // all that it reads
      };
    });
  },
});

test('a sample is all that was asked for, and not the whole source', async ({ hub, told }) => {
  const { url } = await hub();
  const { report, manifest, run, source, text } = await told({
    ...{ endpoint: url, sources: 'models,tags', limit: 70 },
  });
  expect(report).toMatchObject({ exitCode: 0, status: 'done' });
  expect(manifest.asked).toMatchObject({ limit: 70, filter: null, sources: ['models', 'tags'] });
  expect(run).toMatchObject({ status: 'done', exit_code: 0, sample_limit: 70, is_light: false });
  expect(run['bytes']).toBeGreaterThan(0);
  expect(source('models')).toMatchObject({
    ...{ asked: '--limit 70', exported: 70, is_as_asked: true, is_complete: false },
    why_not: 'only asked for with --limit 70',
  });
  expect(source('models')).not.toHaveProperty('proof');
  expect(source('tags')).toMatchObject({ asked: 'all', is_complete: true });
  expect(source('boards/open-llm')).toMatchObject({ status: 'not_asked', is_complete: false });
  expect(text).toContain('\nnot whole\nmodels: only asked for with --limit 70\n');
});

test('a board that is refused', async ({ hub, serve, told }) => {
  const { url } = await hub();
  const features = ['model_name', 'rating'].map((name, feature_idx) => ({ feature_idx, name }));
  const rows = [{ row_idx: 0, row: { model_name: 'a', rating: 1 }, truncated_cells: [] }];
  const board = await serve((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ features, rows, num_rows_total: 1, partial: false }));
  });
  const { report, manifest, run, source, text } = await told({
    ...{ endpoint: url, sources: 'tags,boards', board: 'lmarena', boardUrl: `lmarena=${board}` },
  });
  expect(report.error).toMatchObject({ code: 'BOARD_DRIFT' });
  expect(report).toMatchObject({ exitCode: 4, status: 'partial' });
  expect(manifest.outcome).toMatchObject({
    ...{ status: 'partial', exitCode: 4 },
    failures: [{ source: 'boards', code: 'BOARD_DRIFT' }],
  });
  expect(run).toMatchObject({ status: 'partial', exit_code: 4, asked_boards: ['lmarena'] });
  expect(run['error']).toContain('BOARD_DRIFT: ');
  expect(source('boards/lmarena')).toMatchObject({
    ...{ asked: 'all', status: 'drifted', is_as_asked: false, is_complete: false },
    why_not: 'drifted: BOARD_DRIFT',
  });
  expect(text).toContain('boards/lmarena: drifted: BOARD_DRIFT');

  // Still so when only the export is done again.
  const again = await told({ replay: report.run }, 'export');
  expect(again.run).toEqual(run);
});

test('a benchmark that is closed', async ({ hub, told }) => {
  const { url } = await hub();
  const { report, manifest, run, source, text } = await told({
    ...{ endpoint: url, sources: 'benchmarks' },
  });
  // What this reader may have is there.
  expect(report).toMatchObject({ exitCode: 0, status: 'done' });
  expect(manifest.sources.boards?.['hub-benchmarks/cais/hle']).toMatchObject({ status: 'gated' });
  expect(run).toMatchObject({ exit_code: 0, asked_sources: ['benchmarks'] });
  expect(source('benchmarks')).toMatchObject({ is_complete: true, proof: 'list_end' });
  expect(source('boards/hub-benchmarks/Idavidrein/gpqa')).toMatchObject({ is_complete: true });
  expect(source('boards/hub-benchmarks/cais/hle')).toMatchObject({
    ...{ asked: 'all', status: 'gated', is_as_asked: false, is_complete: false, exported: 0 },
    why_not: 'gated; 1 could not be had',
  });
  expect(text).toContain('boards/hub-benchmarks/cais/hle: gated');
});

test('a source that was stopped gives no tables; gone on with, it is whole', async ({
  hub,
  folder,
  told,
}) => {
  const { url } = await hub({ faults: [{ kind: 'repeated-cursor', at: 3, times: 4 }] });
  const settings = { endpoint: url, sources: 'models', pageSize: 50 };
  const stopped = await runInProcess({ storage: folder, ...HEAD, ...settings });
  expect(stopped.report).toMatchObject({ exitCode: 3, status: 'failed', folder: null });

  const { report, manifest, run, source } = await told(settings);
  expect(report).toMatchObject({ exitCode: 0, status: 'done', run: stopped.report.run });
  expect(manifest.sources.models).toMatchObject({ status: 'resumed', listed: 557 });
  expect(run['sources']).toMatchObject([{ source: 'models', status: 'resumed' }]);
  expect(source('models')).toMatchObject({ is_complete: true, exported: 557, proof: 'list_end' });
});

test('a part of the tables', async ({ hub, folder, told }) => {
  const { url } = await hub();
  const crawl = { storage: folder, retryBase: 0.005, endpoint: url, sources: 'models,tags' };
  await runInProcess(crawl, { command: 'crawl' });
  const { report, manifest, run, source, text } = await told({ tables: 'usage,tags' }, 'export');
  expect(report.exitCode).toBe(0);
  expect(Object.keys(manifest.tables)).toEqual(['usage', 'tags', 'completeness', 'runs']);
  expect(manifest.asked.tables).toEqual(['usage', 'tags']);
  expect(run['asked_tables']).toEqual(['usage', 'tags']);
  expect(source('tags')).toMatchObject({ is_complete: true });
  expect(source('models')).toMatchObject({ is_as_asked: true, is_complete: false });
  expect(source('models')?.['why_not']).toContain('--tables without raw_model');
  expect(text).toContain('models: only asked for with --tables without raw_model');
});
