/**
 * The Hub's vocabulary of model tags, by type: about 0.5 MB in one answer.
 *
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/models-tags-by-type`
 */
export const TAGS_PATH = '/api/models-tags-by-type';
