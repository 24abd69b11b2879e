import { parseArgs } from 'node:util';
import { startHub } from './index.ts';
import type { Fault, HubOptions } from './index.ts';

/**
 * The replica as a program: prints one line `{"url","port","models","pid"}` when it listens, ends on
 * SIGTERM or SIGINT with exit code 0.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    datasets: { type: 'string' },
    spaces: { type: 'string' },
    /** `LIMIT/SECONDS`, e.g. `500/300`. */
    quota: { type: 'string' },
    token: { type: 'string', multiple: true },
    'page-limit': { type: 'string' },
    'latency-ms': { type: 'string' },
    'overload-above': { type: 'string' },
    'overload-id': { type: 'string', multiple: true },
    'canonical-links': { type: 'boolean' },
    empty: { type: 'boolean' },
    html: { type: 'boolean' },
    /** A JSON array of faults. */
    faults: { type: 'string' },
  },
});

const hub = await startHub(readOptions());
console.log(JSON.stringify({ url: hub.url, port: hub.port, models: hub.models, pid: process.pid }));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void hub.close().then(() => process.exit(0)));
}

function readOptions(): HubOptions {
  return {
    ...given('data', values.data),
    ...given('datasets', values.datasets),
    ...given('spaces', values.spaces),
    ...given('port', toNumber(values.port)),
    ...given('quota', parseQuota(values.quota)),
    ...given('tokens', values.token),
    ...given('pageLimit', toNumber(values['page-limit'])),
    ...given('latencyMs', toNumber(values['latency-ms'])),
    ...given('overloadAbove', toNumber(values['overload-above'])),
    ...given('overloadIds', values['overload-id']),
    ...given('canonicalLinks', values['canonical-links']),
    ...given('empty', values.empty),
    ...given('html', values.html),
    // Whoever starts this program wrote the faults; a wrong kind shows as a fault that does nothing.
    ...given('faults', values.faults && (JSON.parse(values.faults) as Fault[])),
  };
}

function given<Name extends keyof HubOptions>(
  name: Name,
  value: HubOptions[Name] | '',
): Pick<HubOptions, Name> | undefined {
  // One known name with its own value; TypeScript widens a computed name to string.
  return value === undefined || value === ''
    ? undefined
    : ({ [name]: value } as Pick<HubOptions, Name>);
}

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new TypeError(`not a number: ${text}`);
  return value;
}

function parseQuota(text: string | undefined): HubOptions['quota'] {
  if (text === undefined) return undefined;
  const [limit, seconds = '300'] = text.split('/');
  return { limit: toNumber(limit) ?? 0, windowMs: (toNumber(seconds) ?? 0) * 1000 };
}
