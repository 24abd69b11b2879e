import { startCli } from '../../helpers/cli.ts';
import { expect, test } from '../../helpers/fixtures.ts';

interface Sent {
  resourceSpans?: { scopeSpans: { spans: { name: string; traceId: string }[] }[] }[];
  resourceMetrics?: {
    scopeMetrics: {
      metrics: {
        name: string;
        sum?: { dataPoints: { asDouble: number; attributes: { value: object }[] }[] };
      }[];
    }[];
  }[];
}

test('spans and counts go to the collector of OTEL_…, through the SDK of OpenTelemetry', async ({
  folder,
  fewHub: { url },
  serve,
}) => {
  const sent: Sent[] = [];
  const collector = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      sent.push(JSON.parse(Buffer.concat(parts).toString()) as Sent);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  const args = [
    ...['run', '--sources', 'models,tags', '--to', 'jsonl', '--tables', 'usage'],
    ...['--storage', folder],
  ];
  const { done } = startCli([...args, '--endpoint', url], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'otlp',
  });
  expect((await done).code).toBe(0);
  const spans = sent
    .flatMap((it) => it.resourceSpans ?? [])
    .flatMap((it) => it.scopeSpans)
    .flatMap((it) => it.spans);
  const names = spans.map(({ name }) => name);
  expect(names.sort()).toEqual(['catchup', 'crawl', 'export', 'load', 'models', 'run', 'tags']);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const metrics = sent
    .flatMap((it) => it.resourceMetrics ?? [])
    .flatMap((it) => it.scopeMetrics)
    .flatMap((it) => it.metrics);
  const points = metrics.find(({ name }) => name === 'records')?.sum?.dataPoints ?? [];
  const ofModels = points.find((it) => JSON.stringify(it.attributes).includes('"models"'));
  expect(ofModels?.asDouble).toBe(112);
});

test('a collector that is not there ends no run', async ({ folder, fewHub: { url } }) => {
  const args = ['crawl', 'tags', '--storage', folder];
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  const { code } = await startCli([...args, '--endpoint', url], env).done;
  expect(code).toBe(0);
});
