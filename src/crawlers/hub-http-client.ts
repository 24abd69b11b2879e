import { Readable } from 'node:stream';
import type { BaseHttpClient, HttpRequest, HttpResponse, StreamingHttpResponse } from 'crawlee';

/** A checked answer that Crawlee hands to the request handler. */
export interface Fetched {
  url: string;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Puts our own HTTP under Crawlee's HttpCrawler: one attempt a call; time-outs, redirects, quotas and
 * the token are the business of `src/api`.
 *
 * @see https://crawlee.dev/js/docs/guides/custom-http-client
 */
export function createHubHttpClient(fetchOnce: (url: string) => Promise<Fetched>): BaseHttpClient {
  const answer = async (
    request: HttpRequest,
  ): Promise<StreamingHttpResponse & { body: Buffer }> => {
    const { url, status, headers, body } = await fetchOnce(String(request.url));
    return {
      request,
      redirectUrls: [],
      url,
      statusCode: status,
      headers,
      trailers: {},
      complete: true,
      body,
      stream: Readable.from([body], { objectMode: false }),
      downloadProgress: { percent: 1, transferred: body.length },
      uploadProgress: { percent: 1, transferred: 0 },
    };
  };
  return {
    stream: answer,
    async sendRequest<T extends 'json' | 'text' | 'buffer' = 'text'>(request: HttpRequest<T>) {
      const { body, stream, ...response } = await answer({ ...request, responseType: 'text' });
      stream.destroy();
      const type: string = request.responseType ?? 'text';
      const text = (): string => body.toString('utf8');
      const content: unknown =
        type === 'buffer' ? body : type === 'json' ? JSON.parse(text()) : text();
      // The generic result type is chosen by `responseType`, which the lines above follow.
      return { ...response, request, body: content } as HttpResponse<T>;
    },
  };
}
