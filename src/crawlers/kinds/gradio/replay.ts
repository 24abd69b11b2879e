import { componentOf, configIn, type Component, type GradioConfig } from './config.ts';
import { applyDiff } from './diffs.ts';
import { at, listOf, numberOf, objectOf, parsed, textOf } from './json.ts';
import type { WireEvent } from './wire.ts';

/** How often the functions of a page ran, by the id of the dependency. */
export interface Runs {
  started: number;
  /** Ended well, ended badly, and values sent on the way. */
  completed: number;
  failed: number;
  generated: number;
}

/** A function's output, in order of arrival. */
interface Output {
  dependency: number;
  data: readonly unknown[];
  rendered: readonly unknown[];
  url: string;
}

interface Conversation {
  url: string;
  form: WireEvent['form'];
  rest: string;
  /** The dependency that everything in this conversation belongs to, where it is one. */
  dependency: number | null;
  isStream: boolean;
  isConfig: boolean;
}

const NONE: Runs = { started: 0, completed: 0, failed: 0, generated: 0 };

/** What a page did since it was loaded, as its wire tells it. Total: what is not understood is left out. */
export class Replay {
  /** Number of times that any value came: when equal, nothing changed. */
  get changes(): number {
    return this.#outputs.length;
  }
  /** The config that the page asked for by itself; undefined when it did not. */
  config: unknown;
  readonly #conversations = new Map<number, Conversation>();
  readonly #outputs: Output[] = [];
  readonly #runs = new Map<number, Runs>();
  /** Which dependency an event of the queue belongs to. */
  readonly #events = new Map<string, number>();
  /** Messages whose event is not known yet: the stream may be faster than the answer that names it. */
  #early: { message: unknown; url: string }[] = [];
  /** Generated values by event, to apply edits to. */
  readonly #generated = new Map<string, unknown[]>();
  #now = { outputs: -1, components: new Map<number, Component>() };

  runs(dependency: number): Runs {
    return this.#runs.get(dependency) ?? NONE;
  }

  /** How often a component was filled. */
  fillings(config: GradioConfig, component: number): number {
    return this.#outputsTo(config, component).length;
  }

  /** Address of the answer that filled a component last; null when only the config did. */
  filledFrom(config: GradioConfig, component: number): string | null {
    return this.#outputsTo(config, component).at(-1)?.url ?? null;
  }

  /** The components as they are now: of the config, changed by what events sent. */
  now(config: GradioConfig): ReadonlyMap<number, Component> {
    const outputs = this.#outputs.length;
    if (this.#now.outputs !== outputs) {
      this.#now = { outputs, components: componentsNow(config, this.#outputs) };
    }
    return this.#now.components;
  }

  /** Takes what came next. */
  feed(events: readonly WireEvent[]): void {
    for (const event of events) {
      const conversation = this.#conversations.get(event.id);
      if (event.kind === 'sent') this.#open(event);
      else if (event.kind === 'text' && conversation) this.#take(conversation, event.text);
      else if (conversation) {
        this.#conversations.delete(event.id);
        if (conversation.form === 'body') this.#end(conversation, event.ok);
        else if (conversation.dependency !== null) this.#lose(conversation.dependency);
      }
    }
  }

  #outputsTo(config: GradioConfig, component: number): Output[] {
    return this.#outputs.filter(
      ({ dependency }) => config.dependencies.get(dependency)?.outputs.includes(component) ?? false,
    );
  }

  #open({ id, url, form, text }: WireEvent): void {
    const inQuery = /[?&]fn_index=(\d+)/.exec(url)?.[1];
    const asked = numberOf(at(parsed(text), 'fn_index')) ?? (inQuery ? Number(inQuery) : null);
    const path = (url.split(/[?#]/)[0] ?? '').replace(/\/$/, '');
    const isData = form === 'body' && path.endsWith('/queue/data');
    // The second half of the oldest queue: its first half is the stream that has the answer.
    const dependency = isData && text !== '' ? null : asked;
    if (dependency !== null) this.#count(dependency, 'started');
    const isStream = isData && text === '';
    const isConfig = path.endsWith('/config');
    this.#conversations.set(id, { url, form, rest: '', dependency, isStream, isConfig });
  }

  /** Cuts the whole messages of an event stream off what came so far. */
  #take(conversation: Conversation, text: string): void {
    if (conversation.form === 'messages') return this.#hear(conversation, parsed(text));
    conversation.rest += text;
    if (!conversation.isStream) return;
    const blocks = conversation.rest.split(/\r?\n\r?\n/);
    conversation.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      this.#hear(conversation, parsed(lines.map((line) => line.slice(5)).join('\n')));
    }
  }

  /** The end of a body: the config, a queue's ticket, or the answer of a function that waited for none. */
  #end({ rest, dependency, isConfig, isStream, url }: Conversation, ok: boolean): void {
    if (isStream) return;
    if (isConfig) this.config = configIn(rest) ?? this.config;
    if (isConfig || dependency === null) return;
    const output = parsed(rest);
    const ticket = textOf(at(output, 'event_id'));
    const isAnswer = Array.isArray(at(output, 'data'));
    if (!ok) this.#count(dependency, 'failed');
    else if (isAnswer) this.#finish({ dependency, output, url });
    else if (ticket === null) this.#count(dependency, 'failed');
    else {
      this.#events.set(ticket, dependency);
      const early = this.#early.filter(({ message }) => at(message, 'event_id') === ticket);
      this.#early = this.#early.filter((it) => !early.includes(it));
      for (const it of early) this.#understand({ ...it, dependency });
    }
  }

  #lose(dependency: number): void {
    const { started, completed, failed } = this.runs(dependency);
    if (started > completed + failed) this.#count(dependency, 'failed');
  }

  #hear({ url, dependency: own }: Conversation, message: unknown): void {
    const ticket = textOf(at(message, 'event_id'));
    const dependency = own ?? this.#events.get(ticket ?? '');
    if (dependency !== undefined) this.#understand({ message, dependency, url });
    else if (ticket !== null) this.#early.push({ message, url });
  }

  #understand({ message, dependency, url }: { message: unknown } & Heard): void {
    const kind = textOf(at(message, 'msg')) ?? '';
    const output = at(message, 'output');
    const ticket = textOf(at(message, 'event_id')) ?? `${dependency}`;
    if (kind === 'process_completed') {
      this.#generated.delete(ticket);
      if (at(message, 'success') === false) this.#count(dependency, 'failed');
      else this.#finish({ dependency, output, url });
    } else if (kind === 'process_generating' && at(message, 'success') !== false) {
      // The first value comes whole, later ones as edits, where the protocol does so.
      const before = this.#generated.get(ticket);
      const data = listOf(at(output, 'data')).map((it, place) =>
        before && isDiff(it) ? applyDiff(before[place], it) : it,
      );
      this.#generated.set(ticket, data);
      this.#count(dependency, 'generated');
      this.#outputs.push({ dependency, data, rendered: [], url });
    } else if (FAILURES.includes(kind)) this.#count(dependency, 'failed');
  }

  #finish({ dependency, output, url }: { output: unknown } & Heard): void {
    const rendered = listOf(at(output, 'render_config', 'components'));
    this.#outputs.push({ dependency, data: listOf(at(output, 'data')), rendered, url });
    this.#count(dependency, 'completed');
  }

  #count(dependency: number, what: keyof Runs): void {
    const runs = this.runs(dependency);
    this.#runs.set(dependency, { ...runs, [what]: runs[what] + 1 });
  }
}

interface Heard {
  dependency: number;
  url: string;
}

const FAILURES = ['unexpected_error', 'queue_full', 'broken_connection'];
const ACTIONS = ['replace', 'append', 'add', 'delete'];

const isDiff = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((edit) => {
    const [action, path] = listOf(edit);
    return ACTIONS.includes(textOf(action) ?? '') && Array.isArray(path);
  });

function componentsNow(config: GradioConfig, outputs: readonly Output[]): Map<number, Component> {
  const now = new Map(config.components);
  for (const { dependency, data, rendered } of outputs) {
    for (const item of rendered) {
      const component = componentOf(item);
      if (component) now.set(component.id, component);
    }
    const targets = config.dependencies.get(dependency)?.outputs ?? [];
    for (const [place, target] of targets.entries()) {
      const component = now.get(target);
      if (component && place < data.length) now.set(target, changed(component, data[place]));
    }
  }
  return now;
}

/** An update names the properties it changes; anything else is the new value. */
function changed(component: Component, given: unknown): Component {
  const mark = textOf(at(given, '__type__'));
  if (mark === null) return { ...component, props: { ...component.props, value: given } };
  const props = Object.entries(objectOf(given)).filter(([name]) => name !== '__type__');
  return { ...component, props: { ...component.props, ...Object.fromEntries(props) } };
}
