/**
 * Gives the memory of these bytes back at once; they are lost, and so are all that stand in it. Left to
 * the collector, it waits until the whole heap is collected, and a page has megabytes. Memory that Node
 * cuts small buffers from is left alone.
 */
export function releaseMemory({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
