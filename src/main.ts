import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
// Before anybody listens for signals: nothing is to be saved yet.
import { main } from './cli/program.ts';

// By itself V8 lets the garbage of each thread grow to several times what lives: an export then holds 100 MB
// more, for less than a tenth of its time.
setFlagsFromString('--heap-growing-percent=30');

/** Milliseconds after a signal until what is in flight is dropped, this process ends, and it is ended. */
const KILL_AFTER_MS = 3000;
const EXIT_AFTER_MS = 4500;
const END_AFTER_MS = 4800;

const soft = new AbortController();
const hard = new AbortController();
/** When this thread was last free, and the time before that: timers come before signals. */
let freeMs = [performance.now(), performance.now()] as const;
setInterval(() => (freeMs = [performance.now(), freeMs[0]]), 100).unref();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    // It may have come when this thread got busy: loading a library takes seconds on a busy machine.
    const left = (ms: number): number => Math.max(0, freeMs[1] + ms - performance.now());
    // Another signal of this name ends the process at once, whatever it does.
    process.removeAllListeners(name);
    soft.abort(name);
    setTimeout(() => hard.abort(), left(KILL_AFTER_MS)).unref();
    setTimeout(() => process.exit(name === 'SIGINT' ? 130 : 143), left(EXIT_AFTER_MS)).unref();
    // Sends it from another thread, though this one should be busy then.
    const end = `setTimeout(() => process.kill(process.pid, '${name}'), ${left(END_AFTER_MS)})`;
    new Worker(end, { eval: true }).unref();
  });
}

// A reader that has seen enough (`| head`) closes the pipe: no failure, and none that a command had is forgotten for it.
let unwritten: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!/^(?:EPIPE|ERR_STREAM_DESTROYED)$/.test(error.code ?? '')) unwritten = error;
});
// Of `2>&1 | tee`, Ctrl-C ends tee as well: a run saves what it has although nobody reads its log.
process.stderr.on('error', () => undefined);

const { stdout, stderr, env } = process;
// `proxy:3128` is one of http, as for curl; the libraries that read these take addresses only.
for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
  const proxy = env[name] ?? '';
  if (proxy !== '' && !proxy.includes('://')) env[name] = `http://${proxy}`;
}
const exitCode = await main(process.argv.slice(2), {
  get stdin() {
    return process.stdin; // opened by whoever reads it
  },
  stdout,
  stderr,
  env,
  folder: process.cwd(),
  signal: soft.signal,
  kill: hard.signal,
});
// Crawlee and the browser leave timers behind that would hold the process for a second; what is
// written goes out first, as a pipe may still be full.
for (const stream of [stdout, stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
if (unwritten !== undefined) stderr.write(`huggingface-etl: stdout: ${unwritten.message}\n`);
process.exit(unwritten === undefined || exitCode !== 0 ? exitCode : 75);
