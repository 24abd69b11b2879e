import type { CDPSession, Frame } from 'playwright';

/**
 * Where our functions run: in a script world of their own in a frame. It has the page's document, but
 * not its JavaScript, so that a page which replaces `JSON.stringify` or `querySelectorAll` does not
 * change what is read.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-createIsolatedWorld
 */
interface World {
  session: CDPSession;
  contextId: number;
}

/** Functions that may run in a page. */
export interface PageCode {
  /**
   * Runs one of them in a frame. A document that goes to another one meanwhile is asked there again.
   * What crosses over is JSON.
   */
  run: <Argument, Result>(
    frame: Frame,
    main: (argument: Argument) => Result,
    argument: Argument,
  ) => Promise<Awaited<Result>>;
}

const NAME = 'huggingface-etl';
const MOST_DOCUMENTS = 20;
const PAUSE_MS = 50;

const worlds = new WeakMap<Frame, Promise<World>>();

/**
 * All functions that some modules export, to be run in pages. Only their texts go there: they may use
 * one another and the browser, and nothing else.
 */
export function pageCode(...modules: readonly object[]): PageCode {
  const functions = modules.flatMap((it): unknown[] => Object.values(it)).filter(isFunction);
  const text = functions.map(String).join('\n');
  return {
    run: async <Argument, Result>(
      frame: Frame,
      main: (argument: Argument) => Result,
      argument: Argument,
    ): Promise<Awaited<Result>> => {
      if (!functions.includes(main)) throw new TypeError(`${main.name} is not sent to pages`);
      const call = `${main.name}(${JSON.stringify(argument)})`;
      const json = await evaluate(
        frame,
        `(async () => { ${text}\n return JSON.stringify((await ${call}) ?? null); })()`,
      );
      return JSON.parse(json) as Awaited<Result>; // written by `main`, in a world that is ours
    },
  };
}

const isFunction = (value: unknown): value is (...given: never[]) => unknown =>
  typeof value === 'function';

/** Evaluates in our world of a frame; `expression` gives a text. */
async function evaluate(frame: Frame, expression: string): Promise<string> {
  for (let documents = 1; ; documents += 1) {
    try {
      return await evaluateOnce(frame, expression);
    } catch (error) {
      worlds.delete(frame);
      const isGone = frame.isDetached() || frame.page().isClosed();
      if (isGone || !isBetween(error) || documents > MOST_DOCUMENTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Whether the document went away; anything else is a failure of the function that ran. */
const isBetween = (error: unknown): boolean =>
  error instanceof Error &&
  /context|navigated|collected|No frame|Session closed|has been closed/i.test(error.message);

async function evaluateOnce(frame: Frame, expression: string): Promise<string> {
  const world = worlds.get(frame) ?? openWorld(frame);
  worlds.set(frame, world);
  const { session, contextId } = await world;
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    ...{ expression, contextId },
    ...{ awaitPromise: true, returnByValue: true },
  });
  if (!exceptionDetails) return String(result.value);
  const { exception, text } = exceptionDetails;
  throw new PageError(exception?.description ?? text);
}

/** What one of our functions threw in the page. */
class PageError extends TypeError {}

async function openWorld(frame: Frame): Promise<World> {
  const { session, tree } = await locate(frame);
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: tree.frame.id,
    worldName: NAME,
  });
  return { session, contextId };
}

interface FrameTree {
  frame: { id: string; url: string; urlFragment?: string };
  childFrames?: FrameTree[];
}

/** The session that reaches a frame, and the frame in it: one of another site has a process of its own. */
async function locate(frame: Frame): Promise<{ session: CDPSession; tree: FrameTree }> {
  const own = await ownSession(frame);
  if (own) return { session: own, tree: (await own.send('Page.getFrameTree')).frameTree };
  const parent = frame.parentFrame();
  if (!parent) throw new Error(`No frame ${frame.url()}`);
  const { session, tree } = await locate(parent);
  const url = frame.url();
  // Playwright does not tell ids: frames of one address are in the same order here and there.
  const nth = parent
    .childFrames()
    .filter((it) => it.url() === url)
    .indexOf(frame);
  const same = (tree.childFrames ?? []).filter(
    (it) => `${it.frame.url}${it.frame.urlFragment ?? ''}` === url,
  );
  const found = same[nth];
  if (!found) throw new Error(`No frame ${url}`);
  return { session, tree: found };
}

/** Null for a frame that is in its parent's process. */
async function ownSession(frame: Frame): Promise<CDPSession | null> {
  const page = frame.page();
  const context = page.context();
  if (frame === page.mainFrame()) return context.newCDPSession(page);
  try {
    return await context.newCDPSession(frame);
  } catch (error) {
    if (error instanceof Error && /separate CDP session/.test(error.message)) return null;
    throw error;
  }
}
