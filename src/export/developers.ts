import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../tables/duckdb.ts';
import { tablesByName } from '../tables/index.ts';
import { sameName } from '../tables/repo-names.ts';
import { readJsonSql } from './duckdb/session.ts';
import { plainRows, textOf } from './duckdb/values.ts';
import type { Developer, ExportSession } from './export-session.ts';

/** The board whose makers state organisation and country of each model. */
const EPOCH = 'epoch-eci';
const FILE_CONFIDENCE = 0.8;

/** Who says something of an owner, and how sure it is that the owner is meant. */
interface Saying extends Developer {
  source: string;
  confidence: number;
}

/** The columns of developer and country of an owner: of the file, else of the board of Epoch where it was read. */
export async function developersOf(
  session: ExportSession,
  connection: DuckDBConnection,
): Promise<(name: string) => object> {
  const ofFile = session.input.developers?.owners;
  const ofBoard = await boardDevelopers(session, connection);
  return (name) => {
    const file = ofFile?.get(sameName(name));
    const sayings = [
      ...(file === undefined ? [] : [{ ...file, source: 'file', confidence: FILE_CONFIDENCE }]),
      ...(ofBoard.get(name) ?? []),
    ];
    return { ...columnsOf('developer', sayings), ...columnsOf('country', sayings) };
  };
}

function columnsOf(what: keyof Developer, sayings: readonly Saying[]): object {
  const first = sayings.find((it) => it[what] !== null);
  return {
    [what]: first?.[what] ?? null,
    [`${what}_source`]: first?.source ?? null,
    [`${what}_confidence`]: first?.confidence ?? null,
  };
}

/** What the board says of the models of an owner, where it is one thing. */
async function boardDevelopers(
  { output, folder }: ExportSession,
  connection: DuckDBConnection,
): Promise<Map<string, Saying[]>> {
  const entries = await output.finish('leaderboard_entries');
  const models = await output.finish('board_models');
  if (!entries?.rows || !models?.rows) return new Map();
  const one = (path: string): string =>
    `CASE WHEN count(DISTINCT ${path}) = 1 THEN min(${path}) END`;
  const rows = await plainRows(
    connection,
    `SELECT split_part(model_id, '/', 1) AS name, max(confidence) AS confidence,
      ${one("attributes->>'organization'")} AS developer, ${one("attributes->>'country'")} AS country
    FROM ${readJsonSql(tablesByName.leaderboard_entries, entries, folder)} AS entries
    JOIN (SELECT board, model_name, confidence FROM ${readJsonSql(tablesByName.board_models, models, folder)}) AS named
      USING (board, model_name)
    WHERE board = ${literal(EPOCH)} AND contains(model_id, '/') GROUP BY 1`,
  );
  const textIn = (value: unknown): string | null => (value === null ? null : textOf(value));
  return new Map(
    rows.map(({ name, developer, country, confidence }) => [
      textOf(name),
      [
        {
          ...{ developer: textIn(developer), country: textIn(country) },
          ...{ source: EPOCH, confidence: Number(confidence) },
        },
      ],
    ]),
  );
}
