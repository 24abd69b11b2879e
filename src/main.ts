#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `huggingface-etl needs Node.js 24 (22.19 or later works); this is ${process.versions.node}. [NODE_TOO_OLD]\n`,
  );
  process.exit(2);
}

/** Milliseconds after a signal until what is in flight is dropped, and until the process just ends. */
const KILL_AFTER_MS = 3000;
const EXIT_AFTER_MS = 4800;

const soft = new AbortController();
const hard = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (soft.signal.aborted) return hard.abort();
    soft.abort(name);
    setTimeout(() => hard.abort(), KILL_AFTER_MS).unref();
    setTimeout(() => process.exit(name === 'SIGINT' ? 130 : 143), EXIT_AFTER_MS).unref();
  });
}

// A reader that has seen enough (`| head`) closes the pipe: no reason for a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const { main } = await import('./cli/program.ts');
const { stdout, stderr, env } = process;
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
process.exit(exitCode);
