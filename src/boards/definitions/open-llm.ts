import type { BoardFilter } from '../definition.ts';
import type { TableCell, TableRow } from '../table.ts';
import { averageOf, EVALUATIONS, rawScores, wideRow } from '../rows/open-llm.ts';
import { column, model, score, tableBoard, type TableColumn } from '../table-board.ts';
import { REPO_OR_NAME } from '../../tables/repo-names.ts';
import { foldSpace, HUB_ORIGIN } from '../text.ts';
import { field, numberOf } from '../values.ts';

const textAt = (row: unknown, ...path: string[]): string => plain(field(row, ...path));

const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const numberAt = (row: unknown, ...path: string[]): number | undefined =>
  numberOf(field(row, ...path)) ?? undefined;

const MISSING = '-';

const average = (row: unknown): number | undefined => averageOf(row) ?? undefined;

const percent = (value: number | undefined): string =>
  value === undefined ? MISSING : `${value.toFixed(2)} %`;

// The page takes the first word that the type contains, so `continuouslypretrained` gets 🟢.
const TYPE_ICONS = [
  ['pretrained', '🟢'],
  ['continuously pretrained', '🟩'],
  ['fine-tuned', '🔶'],
  ['chat', '💬'],
  ['merge', '🤝'],
  ['multimodal', '🌸'],
] as const;

const typeOf = (row: unknown): string => textAt(row, 'model', 'type').toLowerCase();

const typeIcon = (row: unknown): string =>
  TYPE_ICONS.find(([word]) => typeOf(row).includes(word))?.[1] ?? '❓';

/** A column of the page: the key that asks for it, and its cell of a record. */
interface Column {
  given: TableColumn;
  cell: (record: unknown, rank: number) => TableCell;
}

const shows = (given: TableColumn, cell: Column['cell']): Column => ({ given, cell });

const PERCENT = { kind: 'percent', unit: 'percent', lowerIsBetter: false } as const;

const evaluation = ({ header, metric, key }: (typeof EVALUATIONS)[number]): Column =>
  shows(
    score(header, metric, { ...PERCENT, key: `evaluations.${key}.normalized_score` }),
    (record) => {
      const value = numberAt(record, 'evaluations', key, 'normalized_score');
      return { text: percent(value), value };
    },
  );

/** A column of the column menu, whose key is the path of its value. */
const menu = (
  [header, name, key]: readonly [string, string, string],
  kind: 'text' | 'date' | 'number' | 'boolean',
  textOf: (value: unknown) => string,
): Column =>
  shows(column(header, name, { key, kind }), (record) => {
    const value = field(record, ...key.split('.')) ?? undefined;
    return { text: textOf(value), value };
  });

const orMissing = (value: unknown): string => plain(value) || MISSING;
const yesOrNo = (value: unknown): string => (value === undefined ? MISSING : value ? 'Yes' : 'No');

const COLUMNS: readonly Column[] = [
  shows(column('', 'pin', { required: false }), () => ({ text: '' })),
  shows(column('Rank', 'rank', { key: 'rank', kind: 'number' }), (_record, rank) => ({
    text: String(rank),
  })),
  shows(column('Type', 'type', { key: 'model.type_icon' }), (record) => ({
    text: typeIcon(record),
    value: field(record, 'model', 'type'),
  })),
  shows(model('Model', { key: 'id' }), (record) => {
    const text = textAt(record, 'model', 'name');
    return { text, ...(REPO_OR_NAME.test(text) && { link: `${HUB_ORIGIN}${text}` }) };
  }),
  shows(score('Average', 'average', { ...PERCENT, key: 'model.average_score' }), (record) => ({
    text: percent(average(record)),
    value: average(record),
  })),
  ...EVALUATIONS.map(evaluation),
  menu(['Architecture', 'architecture', 'model.architecture'], 'text', orMissing),
  menu(['Precision', 'precision', 'model.precision'], 'text', orMissing),
  menu(
    ['Parameters', 'params_billions', 'metadata.params_billions'],
    'number',
    (value) => `${plain(value)}B`,
  ),
  menu(['License', 'license', 'metadata.hub_license'], 'text', orMissing),
  shows(
    score('CO₂ Cost', 'co2_cost', { key: 'metadata.co2_cost', unit: 'kg', lowerIsBetter: true }),
    (record) => {
      const value = numberAt(record, 'metadata', 'co2_cost');
      return { text: `${value?.toFixed(2) ?? '0'} kg`, value };
    },
  ),
  menu(['Hub ❤️', 'hub_likes', 'metadata.hub_hearts'], 'number', plain),
  menu(['Upload Date', 'upload_date', 'metadata.upload_date'], 'date', orMissing),
  menu(['Submission Date', 'submission_date', 'metadata.submission_date'], 'date', orMissing),
  menu(['Generation', 'generation', 'metadata.generation'], 'number', plain),
  menu(['Base Model', 'base_model', 'metadata.base_model'], 'text', orMissing),
  menu(['Chat Template', 'chat_template', 'model.has_chat_template'], 'boolean', yesOrNo),
  // True means available, whatever the key says: facts of the board's data, not a mistake of ours.
  menu(
    ['Hub Availability', 'available_on_hub', 'features.is_not_available_on_hub'],
    'boolean',
    yesOrNo,
  ),
  menu(
    ['Official Providers', 'official_provider', 'features.is_official_provider'],
    'boolean',
    yesOrNo,
  ),
  menu(['Mixture of Experts', 'moe', 'features.is_moe'], 'boolean', yesOrNo),
  menu(['Flag Status', 'flagged', 'features.is_flagged'], 'boolean', yesOrNo),
];

/** Not shown by the page: several rows of one model differ in it. */
const ENTRY = 'id';

function rowOf(record: unknown, rank: number): TableRow {
  const cells = COLUMNS.map(({ given, cell }): [string, TableCell] => {
    const { text, value, ...link } = cell(record, rank);
    return [
      given.header,
      { text: foldSpace(text), ...(value !== undefined && { value }), ...link },
    ];
  });
  return { ...Object.fromEntries(cells), [ENTRY]: { text: textAt(record, 'id') } };
}

const PRECISIONS = ['bfloat16', 'float16', '4bit'];
const TYPES = TYPE_ICONS.map(([word]) => word);

const FILTERS: readonly BoardFilter[] = [
  {
    name: 'precision',
    value: PRECISIONS.join(','),
    keeps: (row) => PRECISIONS.includes(textAt(row, 'model', 'precision')),
  },
  {
    name: 'types',
    value: TYPES.join(','),
    keeps: (row) => TYPES.some((word) => typeOf(row).includes(word)),
  },
];

/**
 * The Open LLM Leaderboard, second version: retired on 13 March 2025, its last rows two days later,
 * still served as an archive by the same React page and API.
 *
 * @see https://huggingface.co/spaces/open-llm-leaderboard/open_llm_leaderboard
 */
export const openLlm = tableBoard({
  id: 'open-llm',
  title: 'Open LLM Leaderboard',
  url: 'https://open-llm-leaderboard-open-llm-leaderboard.hf.space/',
  renderer: 'open-llm',
  licence: 'not stated by open-llm-leaderboard/contents',
  identity: ['entry_id'],
  minimumRows: 4000,
  columns: [...COLUMNS.map(({ given }) => given), column(ENTRY, 'entry_id', { required: false })],
  records: {
    identity: (record) => textAt(record, 'id'),
    row: rowOf,
    order: (record) => average(record) ?? -1,
    filters: FILTERS,
    moreScores: rawScores,
    wideRow,
  },
  frozen: {
    rows: 4576,
    since: '2025-03-15',
    identitiesSha256: '0221da451d62dd733d5d80705a1fe04765295fb83d03d428befc390d688d399f',
  },
});
