import type { DuckDBConnection } from '@duckdb/node-api';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonSql, withDuckdb } from '../../../src/export/duckdb/session.ts';
import { plainRows } from '../../../src/export/duckdb/values.ts';
import { exportRun } from '../../../src/export/export.ts';
import { duckdbDdl, identifier, literal } from '../../../src/tables/duckdb.ts';
import { tableNamed } from '../../../src/tables/index.ts';
import { capture, inputOf, withTemporaryFolder, writeDataset, writePages } from './captured.ts';

/** A table whose rows are not those that SQL finds. */
export interface Disagreement {
  table: string;
  ours: unknown;
  theirs: unknown;
}

export interface Agreement {
  /** Rows by table, as SQL counts them. */
  rows: Record<string, number>;
  disagreements: Disagreement[];
}

const PER_PAGE = 1000;
const STARTED_AT = '2026-11-23T09:00:00.000Z';

/** Keeps the first of equal elements; distinct texts of a field of all cards. */
const MACROS = `
  CREATE MACRO firsts(l) AS list_filter(l, lambda x, i: x IS NOT NULL AND list_position(l, x) = i);
  CREATE MACRO elements(p) AS map_entries(p::MAP(VARCHAR, BIGINT));
  CREATE MACRO finite(x) AS CASE WHEN isfinite(x) THEN x END;`;

const DTYPES = "['F64','F32','F16','I64','I32','I16','I8','BF16','U8','U16','U32','Q4','BOOL']";
const dtype = (name: string) => `(p->>'$.${name}')::BIGINT`;
const of = (field: string) => `firsts(flatten(list_transform(cardData, lambda c: c.${field})))`;
const one = (field: string) => `firsts(list_transform(cardData, lambda c: c.${field}))`;

/** Results as both the card and the Hub's own field state them, one a row. */
const RESULTS = `(
  SELECT id, _id, 'card' AS who, x.task AS task, x.datasets AS datasets, x.metrics AS metrics FROM (
    SELECT id, _id, unnest(flatten(list_transform(cardData, lambda c:
      flatten(list_transform(c.model_index, lambda m: m.results))))) AS x FROM raw_model)
  UNION ALL
  SELECT id, _id, 'hub', x.task, x.datasets, x.metrics FROM (
    SELECT id, _id, unnest(flatten(list_transform(model_index, lambda m: m.results))) AS x
    FROM raw_model))`;

/** Who states which base: 1 the Hub, 2 a tag, 3 the card. The records have one name that changed. */
const EDGES = `(
  SELECT id, _id, 1 AS who, x.id AS base, x._id AS base_id, relation, x.id AS stated FROM (
    SELECT id, _id, baseModels.relation AS relation, unnest(baseModels.models) AS x FROM raw_model)
  UNION ALL
  SELECT id, _id, 2, regexp_replace(tag, '^(adapter|finetune|merge|quantized):', '') AS base, NULL,
    nullif(regexp_extract(tag, '^(adapter|finetune|merge|quantized):', 1), ''), base FROM (
    SELECT (j->>'$.id') AS id, (j->>'$._id') AS _id, substr(t, 12) AS tag FROM (
      SELECT j, unnest(from_json(j->'$.tags', '["VARCHAR"]')) AS t FROM sent)
    WHERE starts_with(t, 'base_model:'))
  UNION ALL
  SELECT id, _id, 3, regexp_replace(stated, '^meta-llama/Meta-Llama-3.1-8B$', 'meta-llama/Llama-3.1-8B'), NULL,
    relation, stated FROM (SELECT id, _id, unnest(card.base_model) AS stated, card.base_model_relation AS relation FROM (
    SELECT id, _id, unnest(cardData) AS card FROM raw_model)))`;

/** The tags of each model, looked up. */
const TAGS = `(
  SELECT _id, list({'id': t, 'label': label, 'type': type, 'subType': subType} ORDER BY i) AS tags
  FROM (SELECT _id, unnest(l) AS t, generate_subscripts(l, 1) AS i FROM (
    SELECT (j->>'$._id') AS _id, from_json(j->'$.tags', '["VARCHAR"]') AS l FROM sent))
  LEFT JOIN (SELECT DISTINCT ON (id) * FROM known ORDER BY id, rowid) k ON k.id = t
  GROUP BY _id)`;

/**
 * Each table once more, in SQL that knows nothing of the projections: from the records as sent where
 * they are regular, else from the nested columns of raw_model.
 */
const THEIRS: Record<string, string> = {
  usage: `SELECT (j->>'$.id'), (j->>'$._id'), (j->>'$.downloads'), (j->>'$.likes'), '${STARTED_AT}',
    (j->>'$.downloadsAllTime'), (j->>'$.trendingScore') FROM sent`,
  core_model: `SELECT (j->>'$.id'), (j->>'$._id'), (j->>'$.author'), (j->>'$.lastModified'),
    (j->>'$.private'), (j->>'$.disabled'), coalesce(try_cast((j->>'$.gated') AS BOOLEAN), (j->>'$.gated') IN ('auto', 'manual')),
    (j->>'$.pipeline_tag'),
    coalesce(tags, []),
    (j->>'$.library_name'),
    CASE WHEN (j->>'$.gated') IN ('auto', 'manual') THEN (j->>'$.gated') END, (j->>'$.createdAt'), (j->>'$.sha'), '${STARTED_AT}'
    FROM sent LEFT JOIN ${TAGS} ON _id = (j->>'$._id')`,
  model_card: `SELECT id, _id, ${of('language')}, ${of('tags')}, ${of('license')}, ${one('thumbnail')},
    ${one('model_type')}, ${one('library_tag')}, ${one('library_version')}, ${of('datasets')},
    ${one('library_name')}, ${of('base_model')} FROM raw_model WHERE len(cardData) > 0`,
  parameters: `SELECT (j->>'$.id'), (j->>'$._id'), (j->>'$.safetensors.total'),
    list_concat(
      list_filter(${DTYPES}, lambda d: list_contains(list_transform(elements(p), lambda e: e.key), d)),
      list_transform(list_filter(elements(p), lambda e: NOT list_contains(${DTYPES}, e.key)), lambda e: e.key)),
    ${['F64', 'F32', 'F16', 'I64', 'I32', 'I16', 'I8', 'BF16', 'U8', 'U16', 'U32', 'Q4', 'BOOL'].map(dtype).join(', ')},
    coalesce(list_transform(
      list_filter(elements(p), lambda e: NOT list_contains(${DTYPES}, e.key)),
      lambda e: {'name': e.key, 'value': e.value}), []),
    list_sum(list_transform(elements(p), lambda e: e.value)), (j->>'$.gguf.total')
    FROM (SELECT j, j->'$.safetensors.parameters' AS p FROM sent)`,
  tasks: `SELECT DISTINCT id, _id, task.name, task.type, task.args, task.metrics
    FROM ${RESULTS} WHERE task IS NOT NULL`,
  metrics: `SELECT DISTINCT id, _id, m.name, m.type, m.value
    FROM (SELECT id, _id, unnest(metrics) AS m FROM ${RESULTS})
    WHERE coalesce(m.name, m.type, m.value) IS NOT NULL`,
  datasets: `SELECT DISTINCT id, _id, d.name, d.type, d.config, d.split, d.revision, d.args
    FROM (SELECT id, _id, unnest(datasets) AS d FROM ${RESULTS})`,
  results: `SELECT any_value(id), _id, task.name, task.type, d.name, d.type, d.config, d.split, d.revision,
    d.args, m.name, m.type, m.config, m.args,
    finite(try_cast(nullif(trim(regexp_replace(m.value, '[%±].*', '')), '') AS DOUBLE)), m.value,
    CASE WHEN contains(concat_ws(' ', m.value, m.name, m.type), '%') THEN 'percent' END,
    any_value(m.lower_is_better), max(m.verified), list_sort(list(DISTINCT who))
    FROM (SELECT id, _id, who, task, d, unnest(metrics) AS m FROM (
      SELECT *, unnest(CASE WHEN len(datasets) = 0 THEN [NULL] ELSE datasets END) AS d FROM ${RESULTS}))
    WHERE m.value IS NOT NULL GROUP BY _id, task.name, task.type, d, m.name, m.type, m.config, m.args, m.value`,
  base_models: `SELECT any_value(id), _id, base,
    coalesce(any_value(base_id), (SELECT any_value(m._id) FROM raw_model m WHERE lower(m.id) = lower(base))),
    arg_min(relation, who) FILTER (WHERE relation IS NOT NULL),
    list_transform(list_sort(list(DISTINCT who)), lambda w: ['hub', 'tag', 'card'][w]),
    coalesce(list(DISTINCT stated) FILTER (WHERE stated <> base), []), lower(base) = lower(any_value(id))
    FROM ${EDGES} WHERE base <> '' GROUP BY _id, base`,
  eval_results: `SELECT id, _id, e.data.dataset.id, root,
    list(task ORDER BY i) FILTER (WHERE task IS NOT NULL), e.data.dataset.revision,
    finite(try_cast(e.data.value AS DOUBLE)), e.data.value, e.verified, e.data.source.url, e.data.source.name,
    e.data.source.user, e.data.source.org, e.data.date, e.data.notes, e.filename, e.pullRequest
    FROM (SELECT a.id, a._id, a.i, a.task, a.e, min_by(b.task, len(b.task)) AS root
      FROM evals a JOIN evals b ON a._id = b._id AND a.same = b.same
        AND (a.task IS NOT DISTINCT FROM b.task OR starts_with(a.task, b.task || '_'))
      GROUP BY ALL)
    GROUP BY ALL`,
  tags: `SELECT id, label, type, subType, clickable, 'model' AS kind FROM known`,
};

/** What SQL does not find again: other tests hold it. */
const LEFT_OUT: Record<string, string[]> = {
  parameters: [
    ...['packed_total', 'best_params', 'total_basis', 'quantization', 'quantization_bits'],
    ...['quantization_basis', 'is_copy', 'copy_hints'],
  ],
};

const leaveOut = async (connection: DuckDBConnection, table: string, schema: string) => {
  for (const column of LEFT_OUT[table] ?? []) {
    await connection.run(`ALTER TABLE ${schema}.${identifier(table)} DROP COLUMN ${column}`);
  }
};

const EVALS = `CREATE TABLE evals AS
  SELECT id, _id, i, x AS e_whole, x.data.dataset.task_id AS task,
    {'filename': x.filename, 'verified': x.verified, 'pullRequest': x.pullRequest, 'data': {
      'dataset': {'id': x.data.dataset.id, 'revision': x.data.dataset.revision}, 'value': x.data.value,
      'source': x.data.source, 'date': x.data.date, 'notes': x.data.notes}} AS e,
    hash(e) AS same
  FROM (SELECT id, _id, unnest(evalResults) AS x, generate_subscripts(evalResults, 1) AS i FROM raw_model);
  ALTER TABLE evals DROP COLUMN e_whole;`;

/** The vocabulary as sent, one tag a row; of two with one id and type the first. */
const knownSql = (file: string) => `CREATE TABLE known AS
  SELECT t->>'$.id' AS id, coalesce(t->>'$.label', t->>'$.id') AS label,
    coalesce(t->>'$.type', type) AS type, t->>'$.subType' AS subType,
    coalesce((t->>'$.clickable')::BOOLEAN, true) AS clickable
  FROM (SELECT type, unnest(from_json(json->type, '["JSON"]')) AS t
    FROM (SELECT json, unnest(json_keys(json)) AS type
      FROM read_json_objects(${literal(file)}, maximum_object_size = 100000000)))`;

/** Exports records and a vocabulary, and compares each table with SQL over what was sent. */
export async function compareWithSql(
  records: readonly string[],
  vocabulary: string,
): Promise<Agreement> {
  return withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    const pages = Array.from({ length: Math.ceil(records.length / PER_PAGE) }, (_, n) => ({
      records: records.slice(n * PER_PAGE, (n + 1) * PER_PAGE),
    }));
    await writePages(storage, 'models', pages);
    await writeDataset(storage, 'tags', [capture('tags', vocabulary)]);
    const out = join(folder, 'out');
    const input = inputOf(
      storage,
      { models: 'models', tags: 'tags' },
      {
        startedAt: STARTED_AT,
      },
    );
    const manifest = await exportRun(input, { out, compress: 'none' });
    await writeFile(join(folder, 'sent.jsonl'), records.join('\n'));
    await writeFile(join(folder, 'tags.json'), vocabulary);
    return withDuckdb(join(folder, 'check.duckdb'), { memoryLimit: '4GB' }, async (connection) => {
      await connection.run(MACROS);
      await connection.run(
        `CREATE TABLE sent AS SELECT json AS j FROM read_ndjson_objects(${literal(join(folder, 'sent.jsonl'))}, maximum_object_size = 100000000)`,
      );
      await connection.run(knownSql(join(folder, 'tags.json')));
      for (const name of ['raw_model', ...Object.keys(THEIRS)]) {
        const [table, entry] = [tableNamed(name), manifest.tables[name]];
        if (table === undefined || entry === undefined) throw new Error(`no table ${name}`);
        await connection.run(duckdbDdl(table)[0] ?? '');
        await connection.run(
          `INSERT INTO ${identifier(name)} SELECT * FROM ${readJsonSql(table, entry, out)}`,
        );
      }
      await connection.run(EVALS);
      return compareAll(connection);
    });
  });
}

async function compareAll(connection: DuckDBConnection): Promise<Agreement> {
  const agreement: Agreement = { rows: {}, disagreements: [] };
  await connection.run('CREATE SCHEMA theirs');
  for (const [name, sql] of Object.entries(THEIRS)) {
    const table = tableNamed(name);
    if (table === undefined) throw new Error(`no table ${name}`);
    await connection.run(duckdbDdl(table, { schema: 'theirs' })[0] ?? '');
    const theirs = `theirs.${identifier(name)}`;
    await leaveOut(connection, name, 'theirs');
    await leaveOut(connection, name, 'main');
    await connection.run(`INSERT INTO ${theirs} ${sql}`);
    const [ours, others] = [
      await checksum(connection, `main.${identifier(name)}`),
      await checksum(connection, theirs),
    ];
    agreement.rows[name] = Number(others[0]?.['n']);
    if (JSON.stringify(ours) !== JSON.stringify(others)) {
      agreement.disagreements.push({
        table: name,
        ours: await onlyIn(connection, `main.${identifier(name)}`, theirs),
        theirs: await onlyIn(connection, theirs, `main.${identifier(name)}`),
      });
    }
  }
  return agreement;
}

const checksum = async (connection: DuckDBConnection, table: string) =>
  plainRows(connection, `SELECT count(*) AS n, sum(hash(t)) AS sum FROM ${table} t`);

/** A few rows, to show. */
const onlyIn = async (connection: DuckDBConnection, a: string, b: string): Promise<unknown> =>
  plainRows(connection, `SELECT * FROM ${a} EXCEPT ALL SELECT * FROM ${b} LIMIT 3`);
