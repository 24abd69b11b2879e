import { EtlError } from '../errors.ts';
import { readJson, type HubClient } from './client.ts';
import { AttemptError } from './retry.ts';

/**
 * A search for nothing, which should find all.
 *
 * @see https://huggingface.co/.well-known/openapi.json `GET /api/quicksearch`
 */
const PATH = '/api/quicksearch?q=&type=model&limit=1';

/**
 * How many models the Hub's own search counts: a second opinion about a list of them, asked for once.
 * Null when it gives no number.
 */
export async function countModels(client: HubClient, signal: AbortSignal): Promise<number | null> {
  try {
    const { value } = readJson(await client.attempt(PATH, signal));
    const named = typeof value === 'object' && value !== null && 'modelsCount' in value;
    return named && typeof value.modelsCount === 'number' ? value.modelsCount : null;
  } catch (error) {
    if (error instanceof AttemptError || error instanceof EtlError) return null;
    throw error;
  }
}
