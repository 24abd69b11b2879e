import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { EtlError, systemCode } from './errors.ts';

/** Each once: what is named twice is not to be read twice. */
const split = (value: unknown): unknown => {
  const given = typeof value === 'string' ? value.split(',').map((it) => it.trim()) : value;
  return Array.isArray(given) ? [...new Set<unknown>(given)] : given;
};
const list = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess(split, z.array(z.enum(values)).min(1));
const names = z.preprocess(split, z.array(z.string().min(1)));
const text = z.string().min(1);
const flag = z.union([z.boolean(), z.stringbool()], { error: 'neither true nor false' });
/** A number, or the text of one: JavaScript itself takes `true` for 1 and `false` for 0. */
const number = (type: z.ZodNumber) =>
  z.preprocess((it) => (typeof it === 'string' ? Number(it) : it), type);
const count = (most = Infinity) => number(z.number().int().min(1).max(most));

const address = (form: RegExp) =>
  z.string().refine((it) => form.test(it) && URL.canParse(it.replace(/^[a-z]+:(?=http)/, '')), {
    error: 'no address of the web',
  });

/** Ids of boards are names of files and folders. */
const BOARD_ID = /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/;

const SOURCES = [
  'models',
  'datasets',
  'spaces',
  'tags',
  'authors',
  'benchmarks',
  'boards',
] as const;
export type Source = (typeof SOURCES)[number];
const TARGETS = ['jsonl', 'parquet', 'csv', 'duckdb', 'bigquery'] as const;
const REPO_NAME = /^(?![.-])[\w.-]{1,96}\/(?![.-])[\w.-]{1,96}$/;
const IN_BUCKET = /^(?![.-])[\w.-]{1,96}\/(?![.-])[\w.-]{1,96}(?:\/(?!\.)[\w.=-]{1,96}){0,8}$/;
/** A data set of the Hub, as DuckDB, pandas and others name it. */
const hubDataset = z.templateLiteral(['hf://datasets/', z.string().regex(REPO_NAME)]);
/** A bucket of the Hub, or a folder in it. */
const hubBucket = z.templateLiteral(['hf://buckets/', z.string().regex(IN_BUCKET)]);
const target = z.union([z.enum(TARGETS), hubDataset, hubBucket], {
  error: `none of ${TARGETS.join(', ')}, hf://datasets/OWNER/NAME, hf://buckets/OWNER/NAME[/PREFIX]`,
});
const targets = z.preprocess(split, z.array(target).min(1));
export type HubTarget = z.output<typeof hubDataset> | z.output<typeof hubBucket>;

const STATE_ADDRESSES =
  'is no gs://BUCKET[/PREFIX], s3://…, hf://buckets/OWNER/NAME[/PREFIX] or file:///FOLDER';

/** Every setting: its type and default. Flags win over environment over file over default. */
const SETTINGS = {
  storage: text.default('storage'),
  /** Where what later runs stand on is kept between runs, for a machine without a disk of its own. */
  state: z
    .string()
    .refine((it) => isStateAddress(it), STATE_ADDRESSES)
    .optional(),
  /** Seconds after which a holder of the state that does nothing is dead. */
  stateLease: number(z.number().min(0.1)).default(60),
  /** Seconds between two saves of what is crawled. */
  stateEvery: number(z.number().min(0.1)).default(300),
  /** With or without a slash at its end: it is the same Hub. */
  endpoint: text.default('https://huggingface.co').transform((it) => it.replace(/(?<!\/)\/+$/, '')),
  json: flag.default(false),
  /** No progress, no summary, and of the log what went wrong. */
  quiet: flag.default(false),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** `auto` is pretty on a terminal. */
  logFormat: z.enum(['auto', 'pretty', 'json']).default('auto'),
  sources: list(SOURCES).default([...SOURCES]),
  board: names.optional(),
  boardUrl: names.default([]),
  /** Folder of definitions of the user's own. */
  boards: text.optional(),
  url: z.string().optional(),
  id: z.string().regex(BOARD_ID, 'small letters, digits and dashes').optional(),
  renderer: text.optional(),
  table: text.optional(),
  accept: names.default([]),
  limit: count().optional(),
  filter: text.optional(),
  author: text.optional(),
  /** Days after which a list is walked for all fields again; 0: each time. */
  fullEvery: number(z.number().min(0)).default(7),
  /** Owners whose overview is asked for; without it 2,000, and none for a sample, which is to be quick. */
  overviews: number(z.number().int().min(0).max(100_000)).optional(),
  /** Models that are asked one by one. */
  details: z
    .string()
    .regex(
      /^(?:top:[1-9]\d{0,4}|top:100000|ids:.+|changed)$/s,
      'top:N (at most 100,000), ids:FILE or changed',
    )
    .optional(),
  fresh: flag.default(false),
  /** Of `serve`: when, in the time zone of the process, and where its pages are. */
  schedule: text.default('0 3 * * *'),
  host: text.default('127.0.0.1'),
  port: number(z.number().int().min(0).max(65_535)).default(8080),
  allowHost: names.default([]),
  /** Who is told of a failure and the like, and the service that waits for a sign of life: both are secrets. */
  notify: address(/^(?:(?:json|slack|ntfy):)?https?:\/\//).optional(),
  heartbeat: address(/^https?:\/\//).optional(),
  /** Whose captures and tables stay after a run; 0 keeps all. */
  keepRuns: number(z.number().int().min(0)).default(3),
  pageSize: count(1000).default(1000),
  /** Of each list of the Hub, side by side; without it as many as the quota is for. */
  parts: count(32).optional(),
  timeout: number(z.number().min(0.05)).default(120),
  retryBase: number(z.number().min(0)).default(1),
  verify: z.enum(['sample', 'all']).default('sample'),
  boardTimeout: number(z.number().min(1)).default(90),
  /** An address that requests name us by: a page, or a mailbox. */
  contact: z
    .string()
    .regex(/^[\x21-\x27\x2a-\x7e]{3,200}$/, 'an address, without blanks and brackets')
    .default('https://www.npmjs.com/package/huggingface-etl'),
  ignoreRobots: flag.default(false),
  headed: flag.default(false),
  slowMo: number(z.number().min(0)).default(0),
  pause: flag.default(false),
  keepOpen: flag.default(false),
  to: targets.default(['jsonl', 'duckdb']),
  compress: z.enum(['none', 'gzip', 'zstd']).default('zstd'),
  out: text.optional(),
  tables: names.optional(),
  publishable: flag.default(false),
  /** File that says which models names mean. */
  names: text.optional(),
  /** File that says who makes the models of an owner, and where. */
  developers: text.optional(),
  minRows: number(z.number().min(0).max(1)).default(0.9),
  maxRemoved: number(z.number().min(0).max(1)).default(0.01),
  bigqueryProject: text.optional(),
  bigqueryDataset: z.string().regex(/^\w+$/).default('huggingface'),
  bigqueryLocation: text.default('US'),
  bigqueryEndpoint: text.optional(),
  bucket: z
    .string()
    .superRefine((value, context) => {
      const problem = bucketProblem(value);
      if (problem !== undefined) context.addIssue(problem);
    })
    .optional(),
  storageEndpoint: text.optional(),
  /** Texts of cards and chat templates too, on the Hub. */
  withText: flag.default(false),
  /** File of those whose rows are left out on the Hub. */
  takedown: text.optional(),
  dryRun: flag.default(false),
  workers: number(z.number().int().min(0)).optional(),
} as const;

type Shape = { -readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] };
export type Config = Readonly<z.output<z.ZodObject<Shape>>> & {
  /** Never printed, never stored. */
  readonly token: string | undefined;
};

/** Environment variables that mean what they mean for other tools; each setting has one of ours besides. */
const ENVIRONMENT: Partial<Record<string, string>> = {
  storage: 'CRAWLEE_STORAGE_DIR',
  endpoint: 'HF_ENDPOINT',
  bigqueryEndpoint: 'BIGQUERY_EMULATOR_HOST',
  bigqueryProject: 'GOOGLE_CLOUD_PROJECT',
  storageEndpoint: 'STORAGE_EMULATOR_HOST',
};

/** Whoever knows these addresses can send there. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set(['notify', 'heartbeat']);

/** `boardUrl` → `HUGGINGFACE_ETL_BOARD_URL`, and that of other tools. The first that is set counts. */
export const variablesOf = (name: string): string[] =>
  [`HUGGINGFACE_ETL_${spelt(name, '_').toUpperCase()}`, ENVIRONMENT[name]].filter(
    (it) => it !== undefined,
  );

/** Variables that look like ours and are no setting's: misspelt ones. Kubernetes sets others for a service of our name. */
export function strayVariables(env: ConfigInput['env']): string[] {
  const known = new Set(Object.keys(SETTINGS).flatMap(variablesOf));
  return Object.keys(env).filter(
    (it) => /^HUGGINGFACE_ETL_(?!PORT_|SERVICE_|\w+_(?:PORT|SERVICE)_)/.test(it) && !known.has(it),
  );
}

const spelt = (name: string, dash: string): string =>
  name.replace(/[A-Z]/g, (it) => `${dash}${it.toLowerCase()}`);

interface ConfigInput {
  /** What the command line gave; undefined values do not count. */
  flags: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Folder of `huggingface-etl.config.json`. */
  folder: string;
}

/** Where each setting is from, the token too: a flag, a variable, the file, or `default`. */
export type Origins = Readonly<Record<string, string>>;

const FILE = 'huggingface-etl.config.json';

/**
 * The settings in force, checked.
 *
 * @throws {EtlError} CONFIG_INVALID naming every setting that is wrong, its value, and why
 */
export function readSettings(input: ConfigInput): { config: Config; origins: Origins } {
  const { values, origins } = given(input);
  const empty = Object.keys(values).find((it) => isEmpty(values[it]));
  if (empty !== undefined) {
    // As a number it is 0: `--min-rows "$UNSET"` would let anything pass.
    const problem = problemOf(empty, 'empty', { values, origins });
    throw new EtlError('CONFIG_INVALID', `Wrong settings: ${problem}`);
  }
  const result = z.strictObject(SETTINGS).safeParse(values);
  if (!result.success) {
    const problems = result.error.issues.map(({ path: [name = ''], message }) =>
      problemOf(String(name), message, { values, origins }),
    );
    throw new EtlError('CONFIG_INVALID', `Wrong settings: ${problems.join('; ')}`);
  }
  const [token, tokenOrigin] = readToken(input.env);
  // Settings are stored with the run and printed; the token never is.
  if (token !== undefined && JSON.stringify(result.data).includes(token)) {
    throw new EtlError(
      'CONFIG_INVALID',
      'A setting holds the token; it belongs into HF_TOKEN only',
    );
  }
  const all = Object.keys(SETTINGS).map((name) => [name, origins[name] ?? 'default']);
  return {
    config: Object.freeze({ ...result.data, token }),
    origins: { ...(Object.fromEntries(all) as Origins), token: tokenOrigin },
  };
}

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && value.trim() === '');

interface Given {
  values: Record<string, unknown>;
  origins: Record<string, string>;
}

function given({ flags, env, folder }: ConfigInput): Given {
  const values = readConfigFile(path.join(folder, FILE));
  const origins = Object.fromEntries(Object.keys(values).map((name) => [name, FILE]));
  const take = (name: string, value: unknown, origin: string): void => {
    if (value === undefined) return;
    values[name] = value;
    origins[name] = origin;
  };
  for (const name of Object.keys(SETTINGS))
    for (const variable of variablesOf(name).reverse())
      take(name, inherited(env[variable]), variable);
  for (const [name, value] of Object.entries(flags)) take(name, value, `--${spelt(name, '-')}`);
  // What a run before left would come down each time.
  if (values['state'] !== undefined) values['keepRuns'] ??= 1;
  return { values, origins };
}

/** Kubernetes sets `…_PORT` to such an address for a service of our name. */
const inherited = (value: string | undefined): string | undefined =>
  value === '' || value?.startsWith('tcp://') ? undefined : value;

function problemOf(name: string, message: string, { values, origins }: Given): string {
  if (name === '') return message;
  const value = SECRET_SETTINGS.has(name) ? 'its value' : quoted(values[name]);
  const why = message.endsWith('received NaN') ? 'no number' : message;
  const origin = origins[name] ?? name;
  const where = origin === FILE ? `${FILE}, ${name}` : origin;
  // Of an address it is told which part is wrong.
  return why.startsWith('"') ? `${where}: ${why}` : `${where}: ${value}: ${why}`;
}

function readConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, ''); // as editors of Windows begin it
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw new EtlError('CONFIG_INVALID', `${file} cannot be read`, { cause: error });
  }
  const mistake = mistakeIn(text);
  if (mistake !== undefined)
    throw new EtlError('CONFIG_INVALID', `${file} is no JSON: ${placed(mistake, text)}`);
  const { data } = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
  if (data === undefined) throw new EtlError('CONFIG_INVALID', `${file} is no JSON object`);
  return data;
}

function mistakeIn(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as SyntaxError).message; // of JSON.parse
  }
}

/** Where V8 tells no place, it shows the text around it, which may be a secret. */
function placed(mistake: string, text: string): string {
  const [, what] = /^(Unexpected token .+?), (?:\.\.\.)?"/s.exec(mistake) ?? [];
  if (what === undefined) return mistake;
  // It is the end of the shortest beginning that has the same mistake.
  let end = 1;
  while (end < text.length && mistakeIn(text.slice(0, end))?.startsWith(what) !== true) end += 1;
  const lines = text.slice(0, end).split('\n');
  return `${what} (line ${lines.length} column ${lines.at(-1)?.length ?? 0})`;
}

/**
 * The Hub's token as its own tools find it: HF_TOKEN, HUGGING_FACE_HUB_TOKEN, then the file that
 * `huggingface-cli login` writes, unless HF_HUB_DISABLE_IMPLICIT_TOKEN forbids the file.
 *
 * @see https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
 */
function readToken(env: ConfigInput['env']): [token: string | undefined, origin: string] {
  const variable = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'].find((it) => env[it] !== undefined);
  const token = (variable === undefined ? '' : (env[variable] ?? '')).trim();
  if (variable !== undefined && token !== '') return [checked(token), variable];
  const stored = storedToken(env);
  return stored === '' ? [undefined, 'default'] : [checked(stored), 'login of the Hub'];
}

function storedToken(env: ConfigInput['env']): string {
  if (/^(?:1|on|yes|true)$/i.test(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'] ?? '')) return '';
  const cache = env['XDG_CACHE_HOME'] ?? path.join(env['HOME'] ?? '', '.cache');
  const home = env['HF_HOME'] ?? path.join(cache, 'huggingface');
  try {
    return readFileSync(env['HF_TOKEN_PATH'] ?? path.join(home, 'token'), 'utf8').trim();
  } catch {
    // No stored token is the usual case.
    return '';
  }
}

function checked(token: string): string {
  if (/^[\x21-\x7e]{4,4096}$/.test(token)) return token;
  throw new EtlError('CONFIG_INVALID', 'HF_TOKEN holds characters that no token has');
}

const BUCKET_SCHEME = 'gs://';
const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;
/** BigQuery reads `*` as any text; the others mean something in addresses, or to Google's tools. */
const FORBIDDEN_IN_PREFIX = /[*?#[\]]|\p{Cc}/u;
/** Google allows 1,024 in all; the rest is for the names of tables and runs. */
const MAX_PREFIX_BYTES = 512;

/**
 * Why a text is no `gs://bucket/prefix`; undefined when it is one.
 *
 * @see https://cloud.google.com/storage/docs/buckets#naming
 */
export function bucketProblem(address: string): string | undefined {
  if (!address.startsWith(BUCKET_SCHEME)) {
    return `${quoted(address)} is no gs://BUCKET or gs://BUCKET/PREFIX`;
  }
  const [name = '', ...path_] = address.slice(BUCKET_SCHEME.length).split('/');
  const parts = path_.at(-1) === '' ? path_.slice(0, -1) : path_;
  const prefix = parts.map((part) => `${part}/`).join('');
  if (!BUCKET_NAME.test(name) || name.includes('..')) {
    return `${quoted(name)} is no name of a bucket: 3 to 63 of a-z, 0-9, ".", "_" and "-", the first and the last a letter or a digit`;
  }
  if (FORBIDDEN_IN_PREFIX.test(prefix) || !prefix.isWellFormed()) {
    return `${quoted(prefix)} is no prefix: no control characters, and none of * ? # [ ]`;
  }
  if (parts.some((it) => ['', '.', '..'].includes(it))) {
    return `${quoted(prefix)} is no prefix: a part of it is empty, "." or ".."`;
  }
  if (Buffer.byteLength(prefix) > MAX_PREFIX_BYTES) {
    return `the prefix has more than ${MAX_PREFIX_BYTES} bytes`;
  }
  return undefined;
}

const isStateAddress = (address: string): boolean =>
  /^file:\/\/\/[^?#]/.test(address) ||
  hubBucket.safeParse(address).success ||
  (/^(?:gs|s3):\/\//.test(address) && bucketProblem(address.replace(/^s3/, 'gs')) === undefined);

const quoted = (value: unknown): string => JSON.stringify(value).slice(0, 100);
