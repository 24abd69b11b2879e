/** Addresses under which the Hub shows a repository. */
const ADDRESS = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\//i;

/** What follows a name in an address. */
const BELOW = /[?#]|\/(?:tree|blob|resolve|raw|discussions|commits?)\//;

/** Pages of the Hub that are no repository: nobody owns these names. */
const NO_OWNER =
  /^(?:datasets|spaces|collections|papers|docs|models|blog|tasks|posts|learn|organizations)\//i;

const PART = '(?![.-])[A-Za-z0-9_.-]{1,96}';

/** `owner/name`, or one word as of old. */
const NAME = new RegExp(`^${PART}(?:/${PART})?$`);

/** What people write where there is no model. */
const NOTHING = new Set([
  'none',
  'n/a',
  'null',
  'nil',
  'na',
  'nan',
  'no',
  'false',
  'unknown',
  'undefined',
]);

/** Long enough for any address of a repository. */
const LONGEST = 500;

/**
 * The name of a repository on the Hub that a text means: without blanks, quotes and the address around
 * it. Null for what can be none: a path of somebody's disk, a sentence, a paper, "None".
 *
 * @param folder where the Hub shows repositories of that kind: `datasets/`; models stand at its root
 */
export function repoName(text: string, folder = ''): string | null {
  if (text.length > LONGEST) return null;
  const bare = text.replaceAll(/["'`<>]/g, '').trim();
  const below = bare.replace(ADDRESS, '');
  const path = below === bare ? bare : (below.split(BELOW)[0] ?? '');
  const own = path.startsWith(folder) ? path.slice(folder.length) : path;
  const name = own.endsWith('/') ? own.slice(0, -1) : own;
  const isName = NAME.test(name) && !NO_OWNER.test(name);
  return isName && !NOTHING.has(name.toLowerCase()) ? name : null;
}

/** A repository by its id or, of the oldest models, by its name alone: `gpt2`. */
export const REPO_OR_NAME = /^[\w.-]+(?:\/[\w.-]+)?$/;

/** Names that differ in this alone are one repository: the Hub does not tell capitals apart. */
export const sameName = (name: string): string => name.toLowerCase();

/** `model` of `owner/model`. */
export const lastPart = (name: string): string => sameName(name.slice(name.lastIndexOf('/') + 1));
