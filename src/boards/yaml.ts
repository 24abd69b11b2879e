import { runInNewContext } from 'node:vm';
import { parseDocument } from 'yaml';

const LONGEST_MS = 2000;
/** A few aliases may be of use; thousands are an attack. */
const MOST_ALIASES = 100;

/**
 * The one document of a YAML text; null for an empty one, undefined for what is none. Nothing in it is
 * evaluated. Pure and total.
 *
 * @param schema `failsafe` leaves every value a text, as it is written
 */
export function readYaml(text: string, schema: 'core' | 'failsafe' = 'core'): unknown {
  const read = (): unknown => {
    const options = { logLevel: 'error', prettyErrors: false, schema } as const;
    const document = parseDocument(text.replace(/^\uFEFF/, ''), options);
    if (document.errors.length > 0) return undefined;
    return (document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown) ?? null;
  };
  try {
    // Some short texts would hold the parser for hours: Node ends it.
    return runInNewContext('read()', { read }, { timeout: LONGEST_MS }) as unknown;
  } catch {
    // Also an alias to nothing, or far too many of them.
    return undefined;
  }
}
