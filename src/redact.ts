/** Tokens of the Hub by their look, whoever's they are. */
const TOKEN_LIKE = /\b(?:hf|api_org)_[A-Za-z0-9_]{8,}/g;

/** Replaces the given secret, and whatever looks like a token of the Hub, in a text. */
export function createRedactor(secret: string | undefined): (text: string) => string {
  return (text) => {
    const known = secret === undefined ? text : text.replaceAll(secret, '[redacted]');
    return known.replace(TOKEN_LIKE, '[redacted]');
  };
}
