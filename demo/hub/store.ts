import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { EtlError } from '../../src/errors.ts';
import { joinFields, splitFields } from './json-fields.ts';

export type SortKey =
  | 'createdAt'
  | 'downloads'
  | 'likes'
  | 'lastModified'
  | 'likes30d'
  | 'trendingScore'
  | 'num_parameters'
  | 'mainSize'
  | 'id';

/** A value that lists are ordered by; null stands last in both directions. */
export type KeyValue = string | number | null;

/** One repository as it is kept: its JSON text, and the few values that lists are ordered by. */
export interface Entry {
  _id: string;
  id: string;
  author: string;
  line: string;
  keys: Readonly<Record<SortKey, KeyValue>>;
}

export interface Store {
  entries: readonly Entry[];
  byId: ReadonlyMap<string, Entry>;
  /** Lower-case id → entry: how a wrongly-cased id is found. */
  byLowerId: ReadonlyMap<string, Entry>;
}

/** A store of entries that are already in memory. */
export function createStore(entries: readonly Entry[]): Store {
  return {
    entries,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    byLowerId: new Map(entries.map((entry) => [entry.id.toLowerCase(), entry])),
  };
}

/**
 * The records of a `.jsonl` or `.jsonl.gz` file, one JSON object a line, in the Hub's form: dates in
 * UTC with milliseconds, provider mappings as the list has them.
 *
 * @throws {EtlError} `CONFIG_INVALID` when the file cannot be read or a line is no such record.
 */
export async function readEntries(path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const [number, line] of readLines(path)) {
    try {
      entries.push(parseEntry(line));
    } catch (cause) {
      throw new EtlError('CONFIG_INVALID', `line ${number} of ${path} is no record of the Hub`, {
        cause,
      });
    }
  }
  return entries;
}

/** The non-empty lines of a `.jsonl` or `.jsonl.gz` file with their numbers, from 1. */
export async function* readLines(path: string): AsyncGenerator<[number, string]> {
  const bytes = await readBytes(path);
  let start = 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.toString('utf8', start, end).trim();
    if (line !== '') yield [number, line];
    start = end + 1;
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    // 1f 8b: the file says itself whether it is gzip, whatever its name.
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? await promisify(gunzip)(bytes) : bytes;
  } catch (cause) {
    throw new EtlError('CONFIG_INVALID', `cannot read the replica's data ${path}`, { cause });
  }
}

/** @throws {Error} when the line lacks a string `_id` or `id`. */
export function parseEntry(line: string): Entry {
  const fields = splitFields(line);
  const _id = parseString(fields.get('_id'));
  const id = parseString(fields.get('id'));
  if (_id === null || id === null) throw new TypeError('a record needs `_id` and `id`');
  const changed = mendFields(fields);
  return {
    _id,
    id,
    author: parseString(fields.get('author')) ?? id.split('/')[0] ?? id,
    line: changed ? joinFields(fields) : line,
    keys: readKeys(fields, id),
  };
}

function mendFields(fields: Map<string, string>): boolean {
  let changed = false;
  for (const name of ['createdAt', 'lastModified']) {
    const text = parseString(fields.get(name));
    if (text === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) continue;
    const time = Date.parse(text);
    if (Number.isNaN(time)) continue;
    fields.set(name, JSON.stringify(new Date(time).toISOString()));
    changed = true;
  }
  const mapping = fields.get('inferenceProviderMapping');
  if (mapping?.startsWith('{')) {
    fields.set('inferenceProviderMapping', JSON.stringify(listOfProviders(mapping)));
    changed = true;
  }
  return changed;
}

function listOfProviders(mapping: string): unknown[] {
  return Array.from(splitFields(mapping), ([provider, value]) => ({
    provider,
    // The members of a provider are served as the data has them, whatever they are.
    ...(JSON.parse(value) as object),
  }));
}

function readKeys(fields: Map<string, string>, id: string): Entry['keys'] {
  return {
    createdAt: parseString(fields.get('createdAt')),
    downloads: parseNumber(fields.get('downloads')),
    likes: parseNumber(fields.get('likes')),
    lastModified: parseString(fields.get('lastModified')),
    likes30d: parseNumber(fields.get('likes30d')),
    trendingScore: parseNumber(fields.get('trendingScore')),
    num_parameters: parseTotal(fields.get('safetensors')) ?? parseTotal(fields.get('gguf')),
    mainSize: parseNumber(fields.get('mainSize')) ?? parseNumber(fields.get('usedStorage')),
    id,
  };
}

function parseString(json: string | undefined): string | null {
  return json?.startsWith('"') ? String(JSON.parse(json)) : null;
}

function parseNumber(json: string | undefined): number | null {
  return json !== undefined && /^-?\d/.test(json) ? Number(json) : null;
}

function parseTotal(json: string | undefined): number | null {
  return json?.startsWith('{') ? parseNumber(splitFields(json).get('total')) : null;
}

/** The tags of an entry; none when it has no list of strings. */
export function readTags(entry: Entry): string[] {
  const json = splitFields(entry.line).get('tags');
  if (json === undefined) return [];
  const tags: unknown = JSON.parse(json);
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** The JSON text of an entry with `_id`, `id` and the asked fields that it has. */
export function renderEntry(entry: Entry, names: readonly string[]): string {
  const fields = splitFields(entry.line);
  let text = `{"_id":${JSON.stringify(entry._id)},"id":${JSON.stringify(entry.id)}`;
  for (const name of names) {
    const value = name === 'modelId' ? JSON.stringify(entry.id) : fields.get(name);
    if (value !== undefined) text += `,${JSON.stringify(name)}:${value}`;
  }
  return `${text}}`;
}
