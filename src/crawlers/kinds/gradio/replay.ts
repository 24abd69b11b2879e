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

/** What a page did since it was loaded, as its wire tells it. */
export interface Replay {
  /** Takes what came next. */
  feed: (events: readonly WireEvent[]) => void;
  /** The config that the page asked for by itself; undefined when it did not. */
  config: () => unknown;
  /** The component as it is now: of the config, changed by what events sent. */
  now: (config: GradioConfig) => ReadonlyMap<number, Component>;
  runs: (dependency: number) => Runs;
  /** Numbers of times that any value came: when equal, nothing changed. */
  changes: () => number;
  /** The same of one component. */
  fillings: (config: GradioConfig, component: number) => number;
  /** Address of the answer that filled a component last; null when only the config did. */
  filledFrom: (config: GradioConfig, component: number) => string | null;
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

interface State {
  conversations: Map<number, Conversation>;
  outputs: Output[];
  runs: Map<number, Runs>;
  /** Which dependency an event of the queue belongs to. */
  events: Map<string, number>;
  /** Messages whose event is not known yet: the stream may be faster than the answer that names it. */
  early: { message: unknown; url: string }[];
  /** Generated values by event, to apply edits to. */
  generated: Map<string, unknown[]>;
  config: unknown;
}

/** Replays a page's wire. Total: what is not understood is left out. */
export function replayWire(): Replay {
  const state: State = {
    conversations: new Map(),
    outputs: [],
    runs: new Map(),
    events: new Map(),
    early: [],
    generated: new Map(),
    config: undefined,
  };
  return {
    feed: (events) => {
      for (const event of events) take(state, event);
    },
    config: () => state.config,
    now: (config) => componentsNow(config, state.outputs),
    runs: (dependency) => state.runs.get(dependency) ?? NONE,
    changes: () => state.outputs.length,
    fillings: (config, component) => outputsTo(state, config, component).length,
    filledFrom: (config, component) => outputsTo(state, config, component).at(-1)?.url ?? null,
  };
}

const outputsTo = (state: State, config: GradioConfig, component: number): Output[] =>
  state.outputs.filter(
    ({ dependency }) => config.dependencies.get(dependency)?.outputs.includes(component) ?? false,
  );

function take(state: State, event: WireEvent): void {
  if (event.kind === 'sent') {
    state.conversations.set(event.id, opened(state, event));
    return;
  }
  const conversation = state.conversations.get(event.id);
  if (!conversation) return;
  if (event.kind === 'text') {
    if (conversation.form === 'messages') heard(state, conversation, parsed(event.text));
    else conversation.rest += event.text;
    if (conversation.isStream) takeMessages(state, conversation);
    return;
  }
  state.conversations.delete(event.id);
  if (conversation.form === 'body') ended(state, conversation, event.ok);
  else if (conversation.dependency !== null) lost(state, conversation.dependency);
}

function opened(state: State, { url, form, text }: WireEvent): Conversation {
  const sent = parsed(text);
  const inQuery = /[?&]fn_index=(\d+)/.exec(url)?.[1];
  const dependency = numberOf(at(sent, 'fn_index')) ?? (inQuery ? Number(inQuery) : null);
  const path = url.replace(/[?#].*$/, '').replace(/\/$/, '');
  const isStream = form === 'body' && path.endsWith('/queue/data') && text === '';
  // The second half of the oldest queue: its first half is the stream that has the answer.
  const isPosted = path.endsWith('/queue/data') && text !== '';
  if (dependency !== null && !isPosted) count(state, dependency, 'started');
  return {
    url,
    form,
    rest: '',
    dependency: isPosted ? null : dependency,
    isStream,
    isConfig: path.endsWith('/config'),
  };
}

/** Cuts the whole messages of an event stream off what came so far. */
function takeMessages(state: State, conversation: Conversation): void {
  const blocks = conversation.rest.split(/\r?\n\r?\n/);
  conversation.rest = blocks.pop() ?? '';
  for (const block of blocks) {
    const lines = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
    heard(state, conversation, parsed(lines.map((line) => line.slice(5)).join('\n')));
  }
}

/** The end of a body: the config, a queue's ticket, or the answer of a function that waited for none. */
function ended(state: State, conversation: Conversation, ok: boolean): void {
  const { rest, dependency, isConfig, isStream, url } = conversation;
  if (isStream) return;
  const body = parsed(rest);
  if (isConfig) {
    state.config = configIn(rest) ?? state.config;
    return;
  }
  if (dependency === null) return;
  const ticket = textOf(at(body, 'event_id'));
  if (ok && ticket !== null && !Array.isArray(at(body, 'data'))) {
    state.events.set(ticket, dependency);
    const early = state.early.filter(({ message }) => at(message, 'event_id') === ticket);
    state.early = state.early.filter((it) => !early.includes(it));
    for (const { message, url: from } of early)
      understood(state, { message, dependency, url: from });
    return;
  }
  if (ok && Array.isArray(at(body, 'data'))) finish(state, { dependency, output: body, url });
  else count(state, dependency, 'failed');
}

function lost(state: State, dependency: number): void {
  const { started, completed, failed } = state.runs.get(dependency) ?? NONE;
  if (started > completed + failed) count(state, dependency, 'failed');
}

function heard(state: State, conversation: Conversation, message: unknown): void {
  const { url } = conversation;
  const ticket = textOf(at(message, 'event_id'));
  const dependency =
    conversation.dependency ?? (ticket === null ? null : (state.events.get(ticket) ?? null));
  if (dependency !== null) understood(state, { message, dependency, url });
  else if (ticket !== null) state.early.push({ message, url });
}

interface Heard {
  message: unknown;
  dependency: number;
  url: string;
}

const FAILURES = ['unexpected_error', 'queue_full', 'broken_connection'];

function understood(state: State, { message, dependency, url }: Heard): void {
  const kind = textOf(at(message, 'msg')) ?? '';
  const output = at(message, 'output');
  const ticket = textOf(at(message, 'event_id')) ?? `${dependency}`;
  if (kind === 'process_completed') {
    state.generated.delete(ticket);
    if (at(message, 'success') === false) count(state, dependency, 'failed');
    else finish(state, { dependency, output, url });
  } else if (kind === 'process_generating' && at(message, 'success') !== false) {
    const data = generated(state, ticket, listOf(at(output, 'data')));
    count(state, dependency, 'generated');
    state.outputs.push({ dependency, data, rendered: [], url });
  } else if (FAILURES.includes(kind)) count(state, dependency, 'failed');
}

/** The first value comes whole, later ones as edits, where the protocol does so. */
function generated(state: State, ticket: string, data: readonly unknown[]): unknown[] {
  const before = state.generated.get(ticket);
  const now = data.map((it, place) => (before && isDiff(it) ? applyDiff(before[place], it) : it));
  state.generated.set(ticket, now);
  return now;
}

const ACTIONS = ['replace', 'append', 'add', 'delete'];

const isDiff = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((edit) => {
    const [action, path] = listOf(edit);
    return ACTIONS.includes(textOf(action) ?? '') && Array.isArray(path);
  });

function finish(state: State, given: { dependency: number; output: unknown; url: string }): void {
  const { dependency, output, url } = given;
  const rendered = listOf(at(at(output, 'render_config'), 'components'));
  state.outputs.push({ dependency, data: listOf(at(output, 'data')), rendered, url });
  count(state, dependency, 'completed');
}

function count(state: State, dependency: number, what: keyof Runs): void {
  const runs = state.runs.get(dependency) ?? NONE;
  state.runs.set(dependency, { ...runs, [what]: runs[what] + 1 });
}

function componentsNow(
  config: GradioConfig,
  outputs: readonly Output[],
): ReadonlyMap<number, Component> {
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
