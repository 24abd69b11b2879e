/** A refusal in Google's words, thrown anywhere in the double and answered as the API does. */
export class Problem extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export const invalid = (message: string): Problem => new Problem(400, 'invalid', message);
export const invalidQuery = (message: string): Problem => new Problem(400, 'invalidQuery', message);
/** Of SQL that the double does not know. */
export const syntaxError = (near: string): Problem =>
  invalidQuery(`Syntax error: the double does not know this SQL, near ${JSON.stringify(near)}`);
export const notFound = (message: string): Problem =>
  new Problem(404, 'notFound', `Not found: ${message}`);
export const duplicate = (message: string): Problem =>
  new Problem(409, 'duplicate', `Already Exists: ${message}`);

/** The body of an error answer. */
export const problemBody = ({ status, reason, message }: Problem): object => ({
  error: {
    code: status,
    message,
    errors: [{ message, domain: 'global', reason }],
    status: status === 404 ? 'NOT_FOUND' : 'INVALID_ARGUMENT',
  },
});

export type Json = Record<string, unknown>;

export function asObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${what} is no object`);
  }
  return value as Json; // Just seen to be an object.
}

/** Refuses a body with a member that the double does not know: no test passes by its silence. */
export function onlyKeys(value: Json, what: string, keys: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw invalid(`Invalid JSON payload: Unknown name "${key}" at ${what}`);
  }
}

/** The same for the parameters of an address. */
export function onlyQuery(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys()) {
    if (!names.includes(name)) throw invalid(`Unknown query parameter ${name}`);
  }
}
