import { createServer } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';

/**
 * Serves list pages of 1,000 real records each, made before the first request, so that the time of a
 * crawl is the client's. Prints its address; ends with its parent.
 *
 * node scripts/bench/page-server.ts PAGES RECORDS_A_PAGE
 */
const pages = Number(process.argv[2] ?? 200);
const perPage = Number(process.argv[3] ?? 1000);
/** Pages that differ; they are served again and again under new ids of the list's own cursor. */
const DISTINCT = 10;
/** The replica's records were chosen for their odd shapes: a list of the Hub has few so large. */
const MAX_RECORD_CHARS = 12_000;

const shipped = readFileSync(new URL('../../demo/data/models.jsonl.gz', import.meta.url));
const records = gunzipSync(shipped)
  .toString()
  .trimEnd()
  .split('\n')
  .filter((line) => line.length <= MAX_RECORD_CHARS)
  .map((line) => JSON.parse(line) as Record<string, unknown>);

const idOf = (n: number): string => n.toString(16).padStart(24, '0');
const bodies = Array.from({ length: DISTINCT }, (_, page) =>
  gzipSync(
    JSON.stringify(
      Array.from({ length: perPage }, (_, i) => {
        const n = page * perPage + i;
        return { ...records[n % records.length], _id: idOf(n), id: `bench/model-${n}` };
      }),
    ),
  ),
);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.searchParams.getAll('expand[]').includes('__probe__')) {
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"no"}');
    return;
  }
  const n = Number(url.searchParams.get('cursor') ?? 0);
  url.searchParams.set('cursor', String(n + 1));
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-encoding': 'gzip',
    ...(n + 1 < pages
      ? { link: `<http://${request.headers.host}${url.pathname}${url.search}>; rel="next"` }
      : {}),
  });
  response.end(bodies[n % DISTINCT]);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const bytes = bodies.reduce((sum, body) => sum + gunzipSync(body).length, 0) / DISTINCT;
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${port}`, pageBytes: Math.round(bytes) })}\n`,
  );
});
process.stdin.on('end', () => process.exit(0)).resume();
