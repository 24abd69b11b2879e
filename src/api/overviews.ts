/**
 * What the Hub's own page says of an owner: 404 when the name is one of the other kind, or of nobody.
 *
 * @see https://huggingface.co/docs/huggingface_hub/package_reference/hf_api `get_organization_overview`, `get_user_overview`
 */
export const overviewPath = (kind: 'organization' | 'user', name: string): string =>
  `/api/${kind}s/${encodeURIComponent(name)}/overview`;
