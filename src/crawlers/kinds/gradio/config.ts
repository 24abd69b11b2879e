import { endOfJson } from '../../pages/entries.ts';
import { at, isObject, listOf, numberOf, objectOf, parsed, textOf } from './json.ts';
import type { JsonObject } from './json.ts';

/** A part of a Gradio page, as its config has it; `props` change with what events send. */
export interface Component {
  id: number;
  type: string;
  props: JsonObject;
}

/** An event of a Gradio page: what a function fills, and when it runs. */
interface Dependency {
  id: number;
  outputs: readonly number[];
  /** Runs when the page has loaded. */
  onLoad: boolean;
  /** Runs after this one, if it runs after another. */
  after: number | null;
  onlyOnSuccess: boolean;
  /** The server runs it; otherwise the page does, and no answer comes. */
  onServer: boolean;
  /** Repeats by itself, so that it never ends. */
  repeats: boolean;
}

/** What we use of `window.gradio_config`. */
export interface GradioConfig {
  components: ReadonlyMap<number, Component>;
  dependencies: ReadonlyMap<number, Dependency>;
  /** Ids of what is around a component, outermost first. */
  around: ReadonlyMap<number, readonly number[]>;
  needsLogin: boolean;
}

/** The config in a text: JSON itself, or a script that sets `window.gradio_config` to it. */
export function configIn(text: string): unknown {
  const start = text.search(/window\.gradio_config\s*=\s*\{/);
  if (start < 0) return parsed(text);
  const from = text.indexOf('{', start);
  return parsed(text.slice(from, endOfJson(text, from)));
}

/** Reads any JSON; null when it is not a config at all. Total: parts that make no sense are left out. */
export function readConfig(value: unknown): GradioConfig | null {
  const needsLogin = at(value, 'auth_required') === true;
  if (!isObject(value) || !(Array.isArray(at(value, 'components')) || needsLogin)) return null;
  const page = pageOf(value);
  const components = byId(
    listOf(at(value, 'components')).flatMap((it) => componentOf(it) ?? []),
    page.components,
  );
  const dependencies = byId(listOf(at(value, 'dependencies')).map(dependencyOf), page.dependencies);
  const around = new Map<number, readonly number[]>();
  placeIn(around, page.layout, []);
  return { components, dependencies, around, needsLogin };
}

function byId<Item extends { id: number }>(
  items: readonly Item[],
  allowed: ReadonlySet<unknown> | null,
): Map<number, Item> {
  const kept = items.filter(({ id }) => allowed === null || allowed.has(id));
  return new Map(kept.map((item) => [item.id, item]));
}

/** A component of a config, or of what an event rendered later; null when it is none. */
export function componentOf(value: unknown): Component | null {
  const [id, type] = [numberOf(at(value, 'id')), textOf(at(value, 'type'))];
  return id === null || type === null ? null : { id, type, props: objectOf(at(value, 'props')) };
}

/** Apps of several pages send all of them; only the open one is drawn. */
function pageOf(config: JsonObject) {
  const page = at(config, 'page', textOf(at(config, 'current_page')) ?? '');
  const idsIn = (key: string): ReadonlySet<unknown> | null => {
    const list = at(page, key);
    return Array.isArray(list) ? new Set<unknown>(list) : null;
  };
  return {
    components: idsIn('components'),
    dependencies: idsIn('dependencies'),
    layout: at(page, 'layout') ?? at(config, 'layout'),
  };
}

function dependencyOf(item: unknown, place: number): Dependency {
  const targets = listOf(at(item, 'targets'));
  // To 3.33 one trigger for all targets, later a pair of component and trigger each.
  const triggers = [at(item, 'trigger'), ...targets.map((target) => listOf(target)[1])];
  return {
    id: numberOf(at(item, 'id')) ?? place,
    outputs: listOf(at(item, 'outputs')).flatMap((it) => numberOf(it) ?? []),
    onLoad: triggers.includes('load'),
    after: numberOf(at(item, 'trigger_after')),
    onlyOnSuccess: at(item, 'trigger_only_on_success') === true,
    onServer: at(item, 'backend_fn') !== false,
    repeats: numberOf(at(item, 'every')) !== null,
  };
}

const DEEPEST = 200;

function placeIn(
  around: Map<number, readonly number[]>,
  node: unknown,
  above: readonly number[],
): void {
  if (above.length > DEEPEST) return;
  const id = numberOf(at(node, 'id')) ?? Number.NaN;
  around.set(id, above);
  for (const child of listOf(at(node, 'children'))) placeIn(around, child, [...above, id]);
}

/** Texts of the tabs and accordions around a component, outermost first. */
export function tabsAround({ around, components }: GradioConfig, id: number): string[] {
  const parts = (around.get(id) ?? []).flatMap((it) => components.get(it) ?? []);
  return parts
    .filter(({ type }) => /^(?:tabitem|accordion)$/.test(type))
    .map(({ props }) => textOf(at(props, 'label')) ?? textOf(at(props, 'id')) ?? '');
}

/** Whether a page draws a component, once what is around it is drawn. */
export const isDrawn = ({ props }: Component): boolean =>
  ![false, 'hidden'].some((it) => at(props, 'visible') === it);
