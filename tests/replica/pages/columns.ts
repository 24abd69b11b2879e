import type { Draw } from './draw.ts';

/** A cell: what a person sees, how it is written in the document, what it means, what is loaded for it. */
export interface Cell {
  text: string;
  html: string;
  /** The number in the column's own measure, the name, the day; null where the cell has none. */
  meant: number | string | null;
  loaded: string | number | null;
}

export interface Column {
  header: string;
  /** A head above it and others. */
  group?: string;
  /** In loaded data. */
  key: string;
  kind: 'rank' | 'model' | 'number' | 'date' | 'text';
  /** Of numbers: what a value in a unit is to be multiplied by for what is meant; '' for no unit. */
  units?: Readonly<Record<string, number>>;
  /** Of numbers: whether lower is better; null where that is a matter of taste. */
  lower?: boolean | null;
  cells: Cell[];
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A form in which boards write their numbers. */
interface Style {
  headers: readonly (readonly [header: string, lower: boolean | null])[];
  units: Readonly<Record<string, number>>;
  value: (draw: Draw, quality: number) => number;
  text: (value: number, draw: Draw, at: number) => string;
  /** @default the value itself */
  loaded?: (value: number) => number;
}

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
/** A score of a hundred: better models have more, with some luck. */
const score = (draw: Draw, quality: number): number =>
  rounded(20 + 70 * quality + draw.int(-40, 40) / 10 + draw.int(0, 9) / 100, 2);
const SCORES = [
  ...(['Average', 'Accuracy', 'Resolved', 'MMLU-Pro', 'GPQA', 'HumanEval', 'HumanEval+'] as const),
  ...([
    'F1',
    'Win Rate',
    'AIME 2025',
    '평균',
    '准确率',
    'Coding',
    'Pass@1',
    'LiveCodeBench',
  ] as const),
].map((header): [string, boolean] => [header, false]);
const COUNTS = [
  ['Votes', null],
  ['Downloads', null],
  ['Output tokens', null],
] as const;
const grouped = (value: number, mark: string): string =>
  String(value).replaceAll(/\B(?=(\d{3})+$)/g, mark);
const count = (draw: Draw): number =>
  draw.int(1, 4) === 1 ? draw.int(120, 999) : draw.int(1000, 2_400_000);
const one = (value: number): string => value.toFixed(1);

/** Each by its name, in a report. */
const STYLES: Record<string, Style> = {
  plain: { headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q), 1), text: one },
  two: { headers: SCORES, units: { '': 1 }, value: score, text: (it) => it.toFixed(2) },
  percent: {
    ...{ headers: SCORES, units: { percent: 1 }, value: score },
    text: (it) => `${one(it)}%`,
  },
  'percent-of-share': {
    ...{ headers: SCORES, units: { percent: 1 }, value: score },
    text: (it) => `${one(it)}%`,
    loaded: (it) => rounded(it / 100, 4),
  },
  'percent-in-header': {
    headers: SCORES.map(([header, lower]) => [`${header} (%)`, lower]),
    ...{ units: { '': 1, percent: 1 }, value: (d, q) => rounded(score(d, q), 1), text: one },
  },
  share: {
    ...{ headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q) / 100, 3) },
    text: (it) => it.toFixed(3),
  },
  'decimal-comma': {
    ...{ headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q) / 100, 3) },
    text: (it) => it.toFixed(3).replace('.', ','),
  },
  'decimal-comma-percent': {
    ...{ headers: SCORES, units: { percent: 1 }, value: score },
    text: (it) => `${one(it).replace('.', ',')} %`,
  },
  thousands: {
    headers: COUNTS,
    units: { '': 1, tokens: 1 },
    value: count,
    text: (it) => grouped(it, ','),
  },
  'thin-spaces': {
    ...{ headers: COUNTS, units: { '': 1, tokens: 1 }, value: count },
    text: (it, draw) => grouped(it, draw.one(['\u202F', '\u2009', '\u00A0'])),
  },
  'points-of-thousands': {
    ...{ headers: COUNTS, units: { '': 1, tokens: 1 } },
    value: (draw) => draw.int(1_000_000, 9_000_000),
    text: (it) => grouped(it, '.'),
  },
  'short-counts': {
    ...{ headers: COUNTS, units: { '': 1, tokens: 1 } },
    value: (draw) => draw.int(1, 9999) * draw.one([100, 100_000]),
    text: (it) => (it < 1e6 ? `${it / 1e3}k` : `${it / 1e6}M`),
  },
  negative: {
    headers: [
      ['Score', null],
      ['Net score', null],
    ],
    units: { '': 1 },
    value: (d, q) => rounded(score(d, q) - 60, 1),
    text: (it, draw) => one(it).replace('-', draw.one(['\u2212', '-'])),
  },
  elo: {
    ...{
      headers: [
        ['Elo', false],
        ['Arena Score', false],
      ],
      units: { '': 1 },
    },
    value: (draw, quality) => Math.round(1000 + 400 * quality + draw.int(0, 40)),
    text: (it, draw) =>
      `${it} ${draw.one([`±${draw.int(3, 9)}`, `+${draw.int(3, 9)}/-${draw.int(3, 9)}`])}`,
  },
  deviation: {
    ...{ headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q), 1) },
    text: (it, draw) => `${one(it)} ± 0.${draw.int(1, 9)}`,
  },
  interval: {
    ...{ headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q), 1) },
    text: (it) => `${one(it)} [${one(it - 1)}, ${one(it + 1)}]`,
  },
  sizes: {
    ...{
      headers: [
        ['Params', null],
        ['Parameters', null],
      ],
      units: { '': 1, parameters: 1 },
    },
    value: (draw) => draw.one([350, 500, 826, 1500, 7000, 8000, 18_000, 70_000, 405_000]) * 1e6,
    text: (it) => (it < 1e9 ? `${it / 1e6}M` : `${it / 1e9}B`),
  },
  'size-in-header': {
    ...{
      headers: [
        ['#Params (B)', null],
        ['Size (B)', null],
      ],
    },
    units: { '': 1, B: 1, parameters: 1e-9 },
    value: (draw) => draw.one([0.5, 1.5, 3, 7, 8, 13, 32, 70, 405]),
    text: String,
  },
  times: {
    ...{
      headers: [
        ['Latency', true],
        ['TTFT', true],
      ],
      units: { s: 1 },
    },
    value: (draw) => draw.one([draw.int(90, 999) / 1000, draw.int(10, 99) / 10]),
    text: (it) => (it < 1 ? `${Math.round(it * 1000)} ms` : `${one(it)} s`),
  },
  milliseconds: {
    ...{
      headers: [
        ['Latency', true],
        ['TTFT', true],
      ],
      units: { ms: 1, s: 1000 },
    },
    value: (draw) => draw.int(90, 1900),
    text: (it) => `${it} ms`,
  },
  'of-a-whole': {
    ...{ headers: SCORES, units: { 'of 50': 1, '': 1 } },
    value: (_draw, quality) => Math.round(50 * quality),
    text: (it) => `${it}/50`,
  },
  marked: {
    ...{ headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q), 1) },
    text: (it, draw) => `${one(it)}${draw.one(['', '', '*', '†'])}`,
  },
  cost: {
    ...{
      headers: [
        ['Cost', true],
        ['Price', true],
      ],
      units: { USD: 1 },
    },
    value: (draw) => draw.int(1, 4000) / 100,
    text: (it) => `$${it.toFixed(2)}`,
  },
  badged: {
    ...{ headers: SCORES, units: { '': 1 }, value: (d, q) => rounded(score(d, q), 1) },
    text: (it, draw) => `${draw.one(['⚡', '🔥 ', ''])}${one(it)}`,
  },
};

/** Two numbers in a cell are no number. */
const PAIRS: Style = {
  ...{
    headers: [
      ['In / out', null],
      ['EN / ZH', null],
    ],
    units: {},
    value: score,
  },
  text: (it) => `${one(it)} / ${one(it + 3)}`,
};

const MISSING = ['-', '—', 'N/A', ''];

/** Columns of numbers, no two of one header. */
export function numberColumns(draw: Draw, qualities: readonly number[]): Column[] {
  const taken = new Set<string>();
  const columns = Array.from({ length: draw.int(2, 5) }, (_, at): Column | null => {
    const isPlain = at === 0 ? 0.75 : 0.35;
    const isPair = at > 1 && draw.chance(0.04);
    const style = isPair
      ? PAIRS
      : (STYLES[
          draw.chance(isPlain)
            ? draw.one(['plain', 'two', 'percent'])
            : draw.one(Object.keys(STYLES))
        ] ?? PAIRS);
    const free = style.headers.filter(([header]) => !taken.has(header));
    if (free.length === 0) return null;
    const [header, lower] = draw.one(free);
    taken.add(header);
    const missing = draw.chance(0.25) ? draw.one(MISSING) : null;
    const isBar = draw.chance(0.06);
    const cells = qualities.map((quality, place): Cell => {
      const value = style.value(draw, quality);
      const text = style.text(value, draw, place);
      if (missing !== null && at > 0 && draw.chance(0.1)) {
        return { text: missing, html: missing, meant: null, loaded: null };
      }
      const bar = `<div style="height:3px;width:${Math.round(quality * 50)}px"></div>`;
      const html = isBar ? `${bar}<span>${text}</span>` : escaped(text);
      const shown = text.replaceAll(/\s+/g, ' ');
      return {
        text: shown,
        html,
        meant: isPair ? shown : value,
        loaded: style.loaded?.(value) ?? value,
      };
    });
    const key = header.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_');
    return isPair
      ? { header, key, kind: 'text', cells: cells.map((it) => ({ ...it, loaded: it.text })) }
      : { header, key, kind: 'number', units: style.units, lower, cells };
  });
  return columns.filter((it) => it !== null);
}

const NAMES = {
  hub: (at: number) => `${['meta', 'qwen', 'mistral', 'open-lab'][at % 4]}/model-${at}b-v${at % 3}`,
  words: (at: number) =>
    `${['GPT', 'Claude', 'Gemini', 'Kestrel'][at % 4]} ${at} ${['Pro', 'mini (high)', 'Turbo'][at % 3]}`,
  chinese: (at: number) => `通义千问-${at}B`,
  cyrillic: (at: number) => `Сова ${at} Про`,
  signs: (at: number) => `R&D "${at}" <base>, v${at}`,
};

export function modelColumn(draw: Draw, rows: number): Column {
  const [header, name] = [
    draw.pick({ Model: 8, 'Model name': 1, Name: 1, System: 1, Method: 1, 模型: 1 }),
    NAMES[draw.pick({ hub: 5, words: 4, chinese: 1, cyrillic: 1, signs: 1 })],
  ];
  const badge = draw.pick({ '': 10, '🆕': 2, '🇫🇷': 1 });
  const isLinked = draw.chance(0.4);
  const isDoubled = draw.chance(0.05);
  const cells = Array.from({ length: rows }, (_, at): Cell => {
    const own = name(isDoubled && at % 9 === 4 ? at - 1 : at);
    const text = badge !== '' && at % 3 === 1 ? `${own} ${badge}` : own;
    const link = `<a href="https://huggingface.co/${encodeURI(own)}">${escaped(own)}</a>`;
    const html = (isLinked ? link : escaped(own)) + text.slice(own.length);
    return { text, html, meant: own, loaded: own };
  });
  return { header, key: draw.one(['model', 'name', 'model_name']), kind: 'model', cells };
}

const MEDALS = ['🥇', '🥈', '🥉'];

export function rankColumn(draw: Draw, rows: number): Column {
  const form = draw.pick({ plain: 6, sign: 1, medals: 2, ordinal: 1, ties: 1 });
  const cells = Array.from({ length: rows }, (_, at): Cell => {
    const rank = at + 1;
    const isTie = form === 'ties' && at > 0 && at % 5 === 0;
    const end =
      rank % 100 > 10 && rank % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th');
    const texts = {
      ...{ plain: `${rank}`, sign: `#${rank}`, medals: MEDALS[at] ?? `${rank}` },
      ...{ ordinal: `${rank}${end}`, ties: isTie ? '' : `${rank}` },
    };
    return { text: texts[form], html: texts[form], meant: isTie ? null : rank, loaded: rank };
  });
  return { header: draw.pick({ Rank: 5, '#': 3, 排名: 1 }), key: 'rank', kind: 'rank', cells };
}

const DAY_MS = 86_400_000;

/** A column that says what a model is. */
export function factColumn(draw: Draw, rows: number): Column {
  const what = draw.pick({
    organization: 3,
    licence: 2,
    type: 1,
    open: 1,
    iso: 2,
    words: 1,
    slashes: 1,
  });
  const [header, kind] = {
    ...{ organization: ['Organization', 'text'], licence: ['License', 'text'] },
    ...{ type: ['Type', 'text'], open: ['Open', 'text'], iso: ['Date', 'date'] },
    ...{ words: ['Released', 'text'], slashes: ['Date', 'text'] },
  }[what] as [string, 'text' | 'date']; // written above
  const cells = Array.from({ length: rows }, (): Cell => {
    const day = new Date(Date.UTC(2024, 0, 1) + draw.int(0, 700) * DAY_MS);
    const iso = day.toISOString().slice(0, 10);
    const texts = {
      organization: draw.one(['Meta', 'Alibaba', 'Mistral AI', 'DeepSeek', 'Google']),
      licence: draw.one(['mit', 'apache-2.0', 'Proprietary']),
      type: draw.one(['🟢 pretrained', '🔶 fine-tuned', '💬 chat']),
      open: draw.one(['✓', '✗']),
      iso,
      words: day.toLocaleDateString('en-US', { month: 'short', day: 'numeric', year: 'numeric' }),
      slashes: iso.split('-').reverse().join('/'),
    };
    return { text: texts[what], html: texts[what], meant: texts[what], loaded: texts[what] };
  });
  return { header, key: header.toLowerCase(), kind, cells };
}
