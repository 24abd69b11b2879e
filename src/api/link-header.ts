/**
 * The target of `rel="next"` in a `Link` header, or undefined. The Hub sends
 * `<https://huggingface.co/api/models?limit=1000&…&cursor=eyJ…>; rel="next"`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8288
 */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  for (const [, target, parameters] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters ?? ''))
      return target;
  }
  return undefined;
}
