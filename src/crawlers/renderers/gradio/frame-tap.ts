/*
 * Lets a page draw what it would draw at its next frame. As in page-dom.ts, only the texts of the
 * functions go into the page.
 */

/** Who waits for a frame, by the number that the page got. */
export type Waiting = Map<number, FrameRequestCallback>;

/**
 * Runs in the page before its own scripts: notes who waits for a frame. The page's frames come as
 * ever; only `drawNow` makes one come early.
 */
export function installFrameTap(): void {
  const key = Symbol.for('huggingface-etl.frames');
  if (Reflect.has(window, key)) return;
  const waiting: Waiting = new Map();
  Object.defineProperty(window, key, { value: waiting });
  const request: FrameRequest = Reflect.get(window, 'requestAnimationFrame');
  window.requestAnimationFrame = new Proxy(request, {
    apply(target, self: unknown, args: [FrameRequestCallback]) {
      const [callback] = args;
      if (typeof callback !== 'function') return Reflect.apply(target, self, args);
      const called = (timeMs: number): void => {
        if (waiting.delete(id)) callback(timeMs);
      };
      const id = Reflect.apply(target, self, [called]);
      waiting.set(id, callback);
      return id;
    },
  });
  const cancel: (id: number) => void = Reflect.get(window, 'cancelAnimationFrame');
  window.cancelAnimationFrame = new Proxy(cancel, {
    apply(target, self: unknown, args: [number]) {
      waiting.delete(args[0]);
      Reflect.apply(target, self, args);
    },
  });
}

type FrameRequest = (callback: FrameRequestCallback) => number;

/** Calls who waits for a frame, without one; false where nobody waits, or the page is not listened to. */
export function drawNow(): boolean {
  const waiting: unknown = Reflect.get(window, Symbol.for('huggingface-etl.frames'));
  if (!(waiting instanceof Map)) return false;
  const now = [...(waiting as Waiting)]; // by installFrameTap
  for (const [id, callback] of now) {
    if (!waiting.delete(id)) continue;
    try {
      callback(performance.now());
    } catch (error) {
      reportError(error);
    }
  }
  return now.length > 0;
}

/** The next frame, or what takes its place. */
export function nextFrame(): Promise<unknown> {
  // A frame that is not painted gets no animation frames.
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}
