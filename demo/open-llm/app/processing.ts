import { EVALUATIONS, mutation, type Entry, type RankedEntry } from './model.ts';
import type { Parameters } from './parameters.ts';

const evaluationPath = (key: string): string => `evaluations.${key}.normalized_score`;

function averageOf(entry: Entry, { averageMode, columns }: Parameters): number | null {
  const keys =
    averageMode === 'visible'
      ? EVALUATIONS.filter((key) => columns.includes(evaluationPath(key)))
      : EVALUATIONS;
  let sum = 0;
  for (const key of keys) {
    const score = entry.evaluations[key].normalized_score;
    if (score === null) return null;
    sum += score;
  }
  return keys.length === 0 ? null : sum / keys.length;
}

/** Best first; entries of the same average keep the order of the payload. */
export function rankEntries(entries: Entry[], parameters: Parameters): RankedEntry[] {
  return entries
    .map((entry) => ({
      ...entry,
      average: averageOf(entry, parameters),
      rank: 0,
      pinned: parameters.pinned.includes(entry.id),
    }))
    .sort((a, b) => (b.average ?? -1) - (a.average ?? -1))
    .map((entry, index) => ({ ...entry, rank: index + 1 }));
}

const FIELDS: Record<string, (entry: Entry) => string> = {
  precision: (entry) => entry.model.precision ?? '',
  architecture: (entry) => entry.model.architecture ?? '',
  license: (entry) => entry.metadata.hub_license ?? '',
  type: (entry) => entry.model.type,
};

function matchesText(name: string, text: string): boolean {
  if (!/[\\^$.*+?()[\]{}|]/.test(text)) return name.toLowerCase().includes(text.toLowerCase());
  try {
    return new RegExp(text, 'i').test(name);
  } catch {
    return false; // not a regular expression after all: nothing matches, as on the page
  }
}

function matchesGroup(entry: Entry, group: string): boolean {
  return group
    .trim()
    .split(/\s+/)
    .every((word) => {
      const field = /^@(\w+):(.*)$/.exec(word);
      if (!field) return matchesText(entry.model.name, word);
      const read = FIELDS[field[1] ?? ''];
      return (
        read?.(entry)
          .toLowerCase()
          .includes((field[2] ?? '').toLowerCase()) ?? false
      );
    });
}

const passesBoolean = (entry: Entry, filter: string): boolean => {
  const value = entry.features[filter as keyof Entry['features']]; // an unknown filter gives undefined
  return filter === 'is_official_provider' || filter === 'is_not_available_on_hub'
    ? !!value
    : !value;
};

// At its largest (140) the slider has no upper end: the biggest model has 140.63 billion.
const sizeFits = (size: number, [low, high]: [number, number]): boolean =>
  size >= low && (high >= 140 || size < high);

function matchesSearch(entry: Entry, search: string): boolean {
  const groups = search.split(';').filter((it) => it.trim() !== '');
  return groups.length === 0 || groups.some((group) => matchesGroup(entry, group));
}

/** True when the filters of the page leave the entry in its table. */
export function passes(entry: Entry, parameters: Parameters): boolean {
  const { precision, types, filters, official } = parameters;
  const type = entry.model.type.toLowerCase();
  return (
    (precision.length === 0 || precision.includes(entry.model.precision ?? '')) &&
    (types.length === 0 || types.some((word) => type.includes(word))) &&
    sizeFits(entry.metadata.params_billions, parameters.params) &&
    (!official || entry.features.is_official_provider === true) &&
    filters.every((filter) => passesBoolean(entry, filter)) &&
    matchesSearch(entry, parameters.search)
  );
}

const invented = (like: RankedEntry): RankedEntry => ({
  ...like,
  id: 'nobody/Not-In-The-Payload_bfloat16_0_False',
  model: { ...like.model, name: 'nobody/Not-In-The-Payload' },
});

/** What the table gets: a mutation of the rendered rows is made here, behind the counts. */
export function tableRows(shown: RankedEntry[]): RankedEntry[] {
  if (mutation === 'row-lost') return shown.filter((_, index) => index !== 70);
  if (mutation === 'rows-swapped') {
    return [...shown.slice(0, 80), ...shown.slice(80, 82).reverse(), ...shown.slice(82)];
  }
  const like = shown[60];
  if (mutation === 'dom-rows-only' && like) return shown.toSpliced(60, 0, invented(like));
  return shown;
}
