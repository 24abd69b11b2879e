import type { Frame, Page, Response } from 'playwright';
import { configIn, readConfig, type GradioConfig } from './config.ts';

/** The configs that came with the documents of a page's frames. */
export interface InlineConfigs {
  /**
   * The one that has the mark of the frame's document; null where none has, and one may come any
   * moment. Where none will, the page is asked for its own.
   */
  configOf: (frame: Frame, mark: string) => Promise<GradioConfig | null>;
  /** Gives each config as soon as it has come; the page need not have drawn anything of it. */
  onArrival: (take: (config: GradioConfig) => void) => void;
}

/** The config of a document that is on its way or here, and how its script is known again. */
interface Arrival {
  sinceMs: number;
  isHere: boolean;
  config: GradioConfig | null;
  mark: string | null;
}

/** A document that is not whole after so long may never be: its script can be there all the same. */
const MOST_MS = 1000;

/**
 * Starts to listen; to be called before navigation. A config is megabytes long: read from the answer
 * it is here before the page has drawn it, and the page only tells whether it is the one that it has.
 */
export function inlineConfigs(page: Page): InlineConfigs {
  const arrivals = new WeakMap<Frame, Arrival>();
  const takers: ((config: GradioConfig) => void)[] = [];
  const keep = async (response: Response): Promise<void> => {
    const arrival: Arrival = {
      sinceMs: performance.now(),
      isHere: false,
      config: null,
      mark: null,
    };
    arrivals.set(response.request().frame(), arrival);
    // Of a document that breaks off the page is asked: that is no failure of ours.
    const html = await response.text().catch(() => '');
    const { config } = Object.assign(arrival, configInDocument(html));
    if (config) for (const take of takers) take(config);
  };
  page.on('response', (response) => {
    if (response.request().isNavigationRequest()) void keep(response);
  });
  return {
    configOf: async (frame, mark) => {
      const arrival = arrivals.get(frame);
      if (arrival?.mark === mark) return arrival.config;
      const waitedMs = performance.now() - (arrival?.sinceMs ?? Number.NEGATIVE_INFINITY);
      if (arrival?.isHere === false && waitedMs < MOST_MS) return null;
      const text: string | null = await frame.evaluate(
        `(() => { ${CONFIG_TOOLS.map(String).join('\n')}\n return readInlineConfig(); })()`,
      );
      return text === null ? null : readConfig(configIn(text));
    },
    onArrival: (take) => takers.push(take),
  };
}

function configInDocument(html: string): Omit<Arrival, 'sinceMs'> {
  const start = startOfConfig(html);
  if (start < 0) return { isHere: true, config: null, mark: null };
  const length = html.slice(start).search(/<\/script/i);
  const script = length < 0 ? html.slice(start) : html.slice(start, start + length);
  return { isHere: true, mark: markOf(script), config: readConfig(configIn(script)) };
}

/** Runs here and in the page: where a text begins to set the config; -1 where it does not. */
function startOfConfig(text: string): number {
  return text.search(/window\.gradio_config\s*=\s*\{/);
}

/** Runs here and in the page: tells two texts apart (FNV-1a). */
export function markOf(text: string): string {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  }
  return `${text.length} ${hash >>> 0}`;
}

/** Runs in the page: the script that sets its config. */
function configScript(): HTMLScriptElement | undefined {
  return [...document.scripts].find(({ text }) => startOfConfig(text) >= 0);
}

/** Runs in the page: the mark of its config; null where it has none. */
export function markInPage(): string | null {
  const key = Symbol.for('huggingface-etl.config');
  const known = Reflect.get(window, key) as { script: Element; mark: string } | undefined; // set below
  if (known?.script.isConnected) return known.mark;
  const config: unknown = Reflect.get(window, 'gradio_config');
  // A script that has not run may not be whole.
  if (config === undefined && document.readyState === 'loading') return null;
  const script = configScript();
  if (script) {
    const mark = markOf(script.text.slice(startOfConfig(script.text)));
    Object.defineProperty(window, key, { value: { script, mark }, configurable: true });
    return mark;
  }
  return typeof config === 'object' && config !== null ? 'without a script' : null;
}

/**
 * Runs in the page: the text of the script that sets the config, else the config as it is now. The
 * text, since the page's own script changes what it says.
 */
function readInlineConfig(): string | null {
  const script = configScript();
  if (script) return script.text;
  const config: unknown = Reflect.get(window, 'gradio_config');
  if (typeof config !== 'object' || config === null) return null;
  const above: unknown[] = [];
  // Once drawn, a component's properties lead back to the whole page.
  return JSON.stringify(config, function (this: unknown, key, value: unknown) {
    if (key === 'gradio' || key === 'server' || key === 'client') return undefined;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (typeof value === 'object' && value !== null) {
      if (above.includes(value)) return undefined;
      above.push(value);
    }
    return value;
  });
}

/** The functions of the page, to be joined. */
export const CONFIG_TOOLS = [startOfConfig, markOf, configScript, markInPage, readInlineConfig];
