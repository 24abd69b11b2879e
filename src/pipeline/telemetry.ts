import { metrics, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import type { Logger } from '../log.ts';
import type { RunReport } from './report.ts';

const NAME = 'huggingface-etl';

/** What says that somebody collects: any of these, and not `OTEL_SDK_DISABLED`. */
const WANTED = /^OTEL_(?:EXPORTER_OTLP_.*ENDPOINT|TRACES_EXPORTER|METRICS_EXPORTER)$/;
/** A collector that does not answer holds no run for longer. */
const LAST_MS = 5000;

/**
 * Runs `work` with spans and counts sent as the variables `OTEL_…` say; without them, or without the
 * package that sends, it only runs it.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export async function withTelemetry<Result>(
  { env, log }: { env: Readonly<Record<string, string | undefined>>; log: Logger },
  work: () => Promise<Result>,
): Promise<Result> {
  const isWanted = Object.entries(env).some(([name, value]) => WANTED.test(name) && value !== '');
  if (!isWanted || env['OTEL_SDK_DISABLED'] === 'true') return work();
  const packed = await import('@opentelemetry/sdk-node').catch(() => undefined);
  if (packed === undefined) {
    log.warn('OTEL_… is set, and @opentelemetry/sdk-node is not installed: nothing is sent');
    return work();
  }
  const sdk = new packed.NodeSDK({ serviceName: env['OTEL_SERVICE_NAME'] ?? NAME });
  sdk.start();
  try {
    return await work();
  } finally {
    const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_MS).unref());
    const sent = sdk.shutdown().catch((error: unknown) => log.warn({ error }, 'not sent'));
    await Promise.race([sent, late]);
  }
}

/** Runs `work` as a span, which ends with it; what it throws is the span's, and passes on. */
export const span = <Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> =>
  trace.getTracer(NAME).startActiveSpan(name, { attributes }, async (it) => {
    try {
      return await work();
    } catch (error) {
      it.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      it.end();
    }
  });

/** Counts of a run that ended: requests and records by source, rows by table. */
export function countRun({ exitCode, sources, tables }: RunReport): void {
  const meter = metrics.getMeter(NAME);
  const [records, requests] = ['records', 'requests'].map((it) => meter.createCounter(it));
  for (const [source, facts] of Object.entries(sources)) {
    if (source === 'boards' || typeof facts !== 'object' || facts === null) continue;
    records?.add(numberIn(facts, 'listed'), { source });
    requests?.add(numberIn(facts, 'requests'), { source });
  }
  const rows = meter.createCounter('rows');
  for (const [table, it] of Object.entries(tables)) rows.add(it.rows, { table });
  meter.createCounter('runs').add(1, { exit_code: exitCode });
}

const numberIn = (facts: object, name: string): number => {
  const value: unknown = Reflect.get(facts, name);
  return typeof value === 'number' ? value : 0;
};
