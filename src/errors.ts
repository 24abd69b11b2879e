/** The one table of failures: what a caller does next is the exit code, what happened is the code. */
export const ERRORS = {
  CONFIG_INVALID: { exitCode: 2, hint: 'See `huggingface-etl <command> --help`.' },
  BROWSER_FAILED: {
    exitCode: 3,
    hint: 'Start that browser by hand to see why; CRAWLEE_DEFAULT_BROWSER_PATH names another one.',
  },
  BROWSER_MISSING: {
    exitCode: 2,
    hint: 'Run `npx playwright install chromium`, or install Chromium or Chrome, or set CRAWLEE_DEFAULT_BROWSER_PATH.',
  },
  NODE_TOO_OLD: { exitCode: 2, hint: 'Install Node.js 24, or 22.19 or later.' },
  PLATFORM_REFUSED: {
    exitCode: 2,
    hint: 'Use Linux or macOS; on Windows WSL 2, or the container.',
  },
  FOLDER_TAKEN: {
    exitCode: 2,
    hint: 'Nothing there was changed. Name a folder that is new or empty, or that we wrote and nobody added to.',
  },
  STORAGE_VERSION: {
    exitCode: 2,
    hint: 'Use the version of huggingface-etl that wrote this storage, or another --storage folder.',
  },
  STORAGE_LOCKED: {
    exitCode: 8,
    hint: 'Wait for the other run to end, or use another --storage folder (another --state, where it holds that).',
  },
  STATE_DENIED: {
    exitCode: 7,
    hint: 'Check the credentials of the bucket (of --state, or of --to hf://buckets/…): they must list, read, write and remove. See docs/state.md.',
  },
  STATE_FAILED: {
    exitCode: 75,
    hint: 'The bucket of --state did not answer. Give the same command again: it goes on from what was saved last.',
  },
  STORAGE_CORRUPT: {
    exitCode: 3,
    hint: 'The disk changed a committed capture. Restore the folder from a copy, or start again with --fresh.',
  },
  STORAGE_FULL: {
    exitCode: 75,
    hint: 'Free disk space and give the same command again: it goes on where it stopped.',
  },
  TOO_MANY_FILES: {
    exitCode: 75,
    hint: 'This process may open too few files: see `ulimit -n`; 1024 are enough. Then give the same command again.',
  },
  STORAGE_DENIED: { exitCode: 2, hint: 'Make the storage folder writable, or use another.' },
  HTTP_NETWORK: {
    exitCode: 3,
    hint: 'Check the endpoint and the network, then give the same command again: it resumes.',
  },
  HTTP_TIMEOUT: { exitCode: 3, hint: 'Give the same command again later: it resumes.' },
  HTTP_BUSY: { exitCode: 3, hint: 'Give the same command again later: it resumes.' },
  HTTP_STATUS: { exitCode: 3, hint: 'Check --endpoint and the flags of the command.' },
  HTTP_NOT_JSON: { exitCode: 3, hint: 'Is --endpoint really a Hugging Face Hub?' },
  HTTP_TOO_LARGE: {
    exitCode: 3,
    hint: 'The server answered with far more than anything known. Is --endpoint really a Hugging Face Hub?',
  },
  HTTP_FOREIGN_HOST: {
    exitCode: 3,
    hint: 'The server sent us to another host. Set --endpoint to the host that serves the Hub.',
  },
  HTTP_QUOTA: {
    exitCode: 75,
    hint: 'The quota is spent. Give the same command again later, or set HF_TOKEN for a larger one.',
  },
  AUTH_TOKEN: {
    exitCode: 7,
    hint: 'Check HF_TOKEN: the Hub does not accept it. Nothing was retried.',
  },
  AUTH_DENIED: { exitCode: 7, hint: 'This needs an HF_TOKEN that has access.' },
  AUTH_GOOGLE: {
    exitCode: 7,
    hint: 'Check the Google credentials and their roles: see docs/warehouses.md. Nothing was published.',
  },
  HUB_EMPTY: { exitCode: 3, hint: 'Check --endpoint, --filter and --author.' },
  HUB_PAGING: {
    exitCode: 3,
    hint: 'The Hub repeated a cursor. Give the same command again later.',
  },
  HUB_INCOMPLETE: {
    exitCode: 3,
    hint: 'The Hub ended a list before its last record. Give the same command again: it goes on there.',
  },
  BOARD_UNKNOWN: { exitCode: 2, hint: 'See `huggingface-etl boards` for the ids.' },
  BOARD_ASLEEP: {
    exitCode: 75,
    hint: 'The visit wakes it: give the same command in a few minutes.',
  },
  BOARD_UNREACHABLE: {
    exitCode: 3,
    hint: '`boards diff ID` and `boards show ID` have what was seen; open the page in a browser, and try again later.',
  },
  BOARD_DISALLOWED: {
    exitCode: 3,
    hint: 'Its site asks programs to stay away. Ask its owner; with leave, `--ignore-robots` reads it, and the run says so.',
  },
  BOARD_BUSY: {
    exitCode: 75,
    hint: 'Its site asks for fewer requests: give the same command again when it says.',
  },
  BOARD_DRIFT: {
    exitCode: 4,
    hint: 'Nothing of this board was taken. `boards diff ID` says what was expected and what was found, `boards show ID` shows the page as it was; `boards accept ID` takes a changed board as it is now.',
  },
  EXPORT_MISSING: {
    exitCode: 2,
    hint: 'First `crawl`, then `export`, then `load`; `run` does all three. Or name a finished run.',
  },
  WAREHOUSE_MISSING: {
    exitCode: 2,
    hint: '`run` makes it, as does `load` of an export; name the --storage folder that has it. `demo` makes a small one in storage/demo. What was refused before its load is in no file.',
  },
  EXPORT_COUNT: { exitCode: 1, hint: 'Please report this: the counts of an export must add up.' },
  CAPTURE_NOT_JSON: {
    exitCode: 3,
    hint: 'The server sent a page that is no JSON; it is kept as sent. Crawl again with --fresh.',
  },
  CHECK_REFUSED: {
    exitCode: 5,
    hint: 'Nothing was published. Look at the rows: `query --refused "SQL"` asks the DuckDB tables that were refused. docs/warehouses.md says what each check means. If the rows are right, --min-rows (of the release before) or --max-removed (of the models of the run before) lets them pass.',
  },
  SCHEMA_VERSION: {
    exitCode: 5,
    hint: 'Nothing was published. Make an older export anew with `export --replay RUN`; a warehouse of a later version needs that version of huggingface-etl.',
  },
  QUERY_FAILED: {
    exitCode: 2,
    hint: 'Check the SQL. `query "SHOW ALL TABLES"` lists tables, `query "DESCRIBE huggingface.NAME"` columns.',
  },
  QUERY_REFUSED: {
    exitCode: 2,
    hint: 'Give one statement that reads the warehouse (SELECT, DESCRIBE, EXPLAIN …). It and other files are not changed or read by `query`.',
  },
  LOAD_FAILED: {
    exitCode: 6,
    hint: 'The release before is untouched. Give the same command again. A DuckDB file that another program holds is to be closed there first, one that is damaged or no DuckDB file moved aside: releases before are in `backups`.',
  },
} as const satisfies Record<string, { exitCode: number; hint: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Plain facts beside a message: url, status, request id, counts. Never a token, never a body. */
export type ErrorContext = Record<string, string | number | boolean | null | undefined>;

/**
 * A failure that its reader can act on: a stable `code`, a `hint` that says what to do next, and the
 * exit code of the process. Anything that is no `EtlError` is a bug (exit code 1).
 *
 * @see docs/errors.md
 */
export class EtlError extends Error {
  override readonly name = 'EtlError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; context?: ErrorContext } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.context = options.context ?? {};
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  get hint(): string {
    return ERRORS[this.code].hint;
  }
}

/** What somebody must mend by hand first, what a later run may mend by itself last. */
const GRAVEST_FIRST = [1, 2, 8, 7, 6, 5, 4, 3, 75];

/** The exit code of several failures, given theirs: the gravest; 0 when none failed. */
export const gravestExitCode = (codes: readonly number[]): number =>
  GRAVEST_FIRST.find((it) => codes.includes(it)) ?? 0;

const SYSTEM_CODES: Partial<Record<string, ErrorCode>> = {
  ENOSPC: 'STORAGE_FULL',
  EDQUOT: 'STORAGE_FULL',
  EACCES: 'STORAGE_DENIED',
  EPERM: 'STORAGE_DENIED',
  EROFS: 'STORAGE_DENIED',
  EMFILE: 'TOO_MANY_FILES',
  ENFILE: 'TOO_MANY_FILES',
};

/** The `code` of a Node.js error (`ENOENT`, `ENOSPC` …), or undefined. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** An `EtlError` for a failure of the file system (full disk, no permission); others pass unchanged. */
export function fromSystemError(error: unknown, doing: string): unknown {
  const system = systemCode(error);
  const code = system === undefined ? undefined : SYSTEM_CODES[system];
  if (code === undefined || error instanceof EtlError) return error;
  return new EtlError(code, `${doing}: ${system}`, { cause: error });
}
