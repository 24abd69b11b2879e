/** A reader that has seen enough (`| head`) closes the pipe: no reason for a stack trace. */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}

/**
 * Ends the process when both outputs are flushed: Crawlee and the browser leave timers behind that
 * would hold it for a second, and a pipe may still be full.
 */
export async function exitWith(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  process.exit(code);
}
