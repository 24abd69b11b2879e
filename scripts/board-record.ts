import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isDescribed, wantedBoards } from '../src/boards/choice.ts';
import { licenceOf } from '../src/boards/licence.ts';
import type { BoardSnapshot } from '../src/boards/snapshot.ts';
import { visitBoards } from '../src/cli/board-visits.ts';
import { printFailure } from '../src/cli/failure.ts';
import type { Io } from '../src/cli/io.ts';
import { openSession } from '../src/cli/session.ts';
import { knownBoards } from '../src/pipeline/known-boards.ts';
import type { Capture } from '../src/storage/capture.ts';

/**
 * Reads a board and keeps a few of its rows, with where they are from, for building a replica of it.
 * `npm run board:record -- ID [--url URL] [--renderer R] [--board-url ID=URL] [--rows N] [--out FILE]`;
 * without `--out` into `tests/replica/data/boards/<id>.json`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    renderer: { type: 'string' },
    'board-url': { type: 'string' },
    rows: { type: 'string', default: '50' },
    out: { type: 'string' },
  },
});

const never = new AbortController().signal;
const { stdin, stdout, stderr, env } = process;
const io: Io = { stdin, stdout, stderr, env, folder: process.cwd(), signal: never, kill: never };

async function record([id]: readonly string[]): Promise<number> {
  const { url, renderer, rows, out, 'board-url': boardUrl } = values;
  const named = url === undefined ? { board: id } : { url, id, renderer };
  const session = openSession(io, { ...named, boardUrl });
  const file = out ?? path.join('tests', 'replica', 'data', 'boards', `${id ?? 'board'}.json`);
  try {
    const [board] = wantedBoards(session.config, knownBoards(session.config));
    if (id === undefined || board === undefined) {
      console.error('npm run board:record -- ID [--url URL] [--rows N] [--out FILE]');
      return 2;
    }
    const licence = licenceOf(isDescribed(board) ? board.licence : 'not stated: look for it').name;
    for (const { outcome, capture } of await visitBoards(session, [board])) {
      if (capture === undefined) return printFailure(io, outcome.error, false);
      const fixture = fixtureOf(capture, { rows: Number(rows), licence });
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(fixture, null, 1)}\n`, { flag: 'wx' });
      console.log(
        `${file}: ${fixture.shown.length} shown and ${fixture.loaded?.length ?? 0} loaded rows`,
      );
    }
    return 0;
  } catch (error) {
    return printFailure(io, error, false);
  } finally {
    session.close();
  }
}

/** A capture cut to its first rows, with where it is from; numbers and texts stay as they were sent. */
function fixtureOf(
  { url, fetchedAt, body, count }: Capture,
  { rows, licence }: { rows: number; licence: string },
) {
  // Written by our own crawler.
  const snapshot = JSON.parse(body.toString()) as BoardSnapshot;
  const { board, renderer, loadedFrom, headers, filters, stated } = snapshot;
  const { loaded, shown, inferred } = snapshot;
  return {
    // `rows`: of the page; the fixture has fewer.
    origin: { board, url, loadedFrom, readAt: fetchedAt, licence, renderer, rows: count },
    ...{ headers, filters, stated },
    loaded: loaded?.slice(0, rows) ?? null,
    shown: shown.filter(({ index }) => index < rows),
    ...(inferred !== undefined && { inferred }),
  };
}

process.exit(await record(positionals));
