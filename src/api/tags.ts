/**
 * The Hub's vocabularies of tags, by type: about 0.5 MB each in one answer. It gives none of Spaces to
 * who has no token.
 *
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/models-tags-by-type`, `GET /api/datasets-tags-by-type`
 */
export const TAG_VOCABULARIES = [
  { source: 'tags', path: '/api/models-tags-by-type' },
  { source: 'tags/datasets', path: '/api/datasets-tags-by-type' },
] as const;
