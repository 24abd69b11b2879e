import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EtlError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { timesOf } from '../serve/schedule.ts';
import { withSession, type Flags } from '../session.ts';
import { packageFolder } from '../version.ts';

/** What only recipes have, and what stands there where nothing was said. */
const VALUES = {
  image: 'huggingface-etl:latest',
  state: 'gs://BUCKET/huggingface-etl',
  disk: '20Gi',
  volume: 'huggingface-etl',
};

/** A job of the Hub keeps its state there. */
const STATE_OF: Partial<Record<string, string>> = { 'hf-jobs': 'hf://buckets/OWNER/NAME/state' };

/** `deploy`: a recipe for a scheduler, filled in; without a name their list. */
export function deployCommand(io: Io, flags: Flags, [name]: string[]): Promise<number> {
  const own = Object.keys(VALUES);
  const settings = Object.fromEntries(Object.entries(flags).filter(([it]) => !own.includes(it)));
  return withSession(io, settings, ({ config, print }) => {
    const folder = path.join(packageFolder(), 'deploy');
    const recipes = new Map(readdirSync(folder).map((file) => [path.parse(file).name, file]));
    const known = [...recipes.keys()].sort();
    if (name === undefined) {
      print(`${known.join('\n')}\n`);
      return 0;
    }
    const file = recipes.get(name);
    if (file === undefined) {
      throw new EtlError('CONFIG_INVALID', `${name} is no recipe; there are ${known.join(', ')}`);
    }
    const { schedule, to } = config;
    timesOf(schedule);
    const given = Object.fromEntries(own.flatMap((it) => (it in flags ? [[it, flags[it]]] : [])));
    const state = STATE_OF[name] ?? VALUES.state;
    const values = { ...VALUES, state, ...given, schedule, to: to.join(',') };
    print(filledIn(readFileSync(path.join(folder, file), 'utf8'), values));
    return 0;
  });
}

/** Recipes are shell, YAML and Python: no value may end a text there. */
const HARMLESS = /^[\w ./:@,*?#-]+$/;

function filledIn(recipe: string, values: Record<string, unknown>): string {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string' && HARMLESS.test(value)) continue;
    throw new EtlError('CONFIG_INVALID', `--${name} holds characters that no recipe may have`);
  }
  return recipe.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
}
