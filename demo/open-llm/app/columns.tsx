import { Box, Tooltip, Typography } from '@mui/material';
import { createColumnHelper, type ColumnDef } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { CHANGED_ROW } from '../mutations.ts';
import {
  BooleanCell,
  ModelCell,
  PinCell,
  RankCell,
  ScoreCell,
  TextCell,
  TypeCell,
  UnitCell,
} from './cells.tsx';
import { mutation, type EvaluationKey, type RankedEntry } from './model.ts';
import type { Parameters } from './parameters.ts';

/** A column of the board, by the key that `columns=` names it with. */
interface BoardColumn {
  key: string;
  label: string;
  width: number;
  sortBy: (entry: RankedEntry) => unknown;
  cell: (entry: RankedEntry, index: number) => ReactNode;
}

const label = (text: string): string =>
  mutation === 'header-renamed' && text === 'Average' ? 'Mean' : text;

const Header = ({ text }: { text: string }): ReactNode => (
  <Box className="header-content" sx={{ display: 'flex', alignItems: 'center', width: '100%' }}>
    {text === 'Model' ? (
      <Typography sx={{ fontWeight: 600 }}>{text}</Typography>
    ) : (
      <Tooltip title={label(text)} arrow placement="top" enterDelay={1000}>
        <Typography className="header-label" noWrap sx={{ fontWeight: 600, flex: 1 }}>
          {label(text)}
        </Typography>
      </Tooltip>
    )}
  </Box>
);

const changedAverage = (entry: RankedEntry, index: number): number | null =>
  mutation === 'value-changed' && index === CHANGED_ROW ? (entry.average ?? 0) + 1 : entry.average;

const evaluation = (name: string, key: EvaluationKey, display: string): BoardColumn => ({
  key: `evaluations.${key}.normalized_score`,
  label: name,
  width: 110,
  sortBy: (entry) => entry.evaluations[key].normalized_score,
  cell: (entry) => {
    const { value, normalized_score } = entry.evaluations[key];
    return <ScoreCell value={normalized_score} {...(display === 'raw' && { raw: value })} />;
  },
});

const text = (
  key: string,
  name: string,
  read: (entry: RankedEntry) => string | null,
): BoardColumn => ({
  key,
  label: name,
  width: 200,
  sortBy: read,
  cell: (entry) => <TextCell value={read(entry)} />,
});

const number = (
  key: string,
  name: string,
  read: (entry: RankedEntry) => number | null,
): BoardColumn => ({
  key,
  label: name,
  width: 110,
  sortBy: read,
  cell: (entry) => <Typography variant="body2">{read(entry)}</Typography>,
});

const flag = (
  key: string,
  name: string,
  read: (entry: RankedEntry) => boolean | null,
): BoardColumn => ({
  key,
  label: name,
  width: 130,
  sortBy: read,
  cell: (entry) => <BooleanCell value={read(entry)} />,
});

const ALWAYS = ['isPinned', 'rank', 'model.type_icon', 'id', 'model.average_score'];

function boardColumns({ scoreDisplay, rankingMode }: Parameters): BoardColumn[] {
  return [
    {
      key: 'isPinned',
      label: '',
      width: 40,
      sortBy: () => 0,
      cell: (entry) => <PinCell pinned={entry.pinned} />,
    },
    {
      key: 'rank',
      label: 'Rank',
      width: 65,
      sortBy: (entry) => entry.rank,
      cell: (entry, index) => (
        <RankCell rank={rankingMode === 'dynamic' ? index + 1 : entry.rank} />
      ),
    },
    {
      key: 'model.type_icon',
      label: 'Type',
      width: 65,
      sortBy: (entry) => entry.model.type,
      cell: (entry) => <TypeCell type={entry.model.type} />,
    },
    {
      key: 'id',
      label: 'Model',
      width: 400,
      sortBy: (entry) => entry.model.name,
      cell: (entry) => <ModelCell entry={entry} />,
    },
    {
      key: 'model.average_score',
      label: 'Average',
      width: 150,
      sortBy: (entry) => entry.average,
      cell: (entry, index) => <ScoreCell value={changedAverage(entry, index)} dot />,
    },
    evaluation('IFEval', 'ifeval', scoreDisplay),
    evaluation('BBH', 'bbh', scoreDisplay),
    evaluation('MATH', 'math', scoreDisplay),
    evaluation('GPQA', 'gpqa', scoreDisplay),
    evaluation('MUSR', 'musr', scoreDisplay),
    evaluation('MMLU-PRO', 'mmlu_pro', scoreDisplay),
    text('model.architecture', 'Architecture', (entry) => entry.model.architecture),
    text('model.precision', 'Precision', (entry) => entry.model.precision),
    {
      key: 'metadata.params_billions',
      label: 'Parameters',
      width: 110,
      sortBy: (entry) => entry.metadata.params_billions,
      cell: (entry) => <UnitCell value={String(entry.metadata.params_billions)} unit="B" />,
    },
    text('metadata.hub_license', 'License', (entry) => entry.metadata.hub_license),
    {
      key: 'metadata.co2_cost',
      label: 'CO₂ Cost',
      width: 140,
      sortBy: (entry) => entry.metadata.co2_cost,
      cell: (entry) => <UnitCell value={entry.metadata.co2_cost?.toFixed(2) ?? '0'} unit=" kg" />,
    },
    number('metadata.hub_hearts', 'Hub ❤️', (entry) => entry.metadata.hub_hearts),
    text('metadata.upload_date', 'Upload Date', (entry) => entry.metadata.upload_date),
    text('metadata.submission_date', 'Submission Date', (entry) => entry.metadata.submission_date),
    number('metadata.generation', 'Generation', (entry) => entry.metadata.generation),
    text('metadata.base_model', 'Base Model', (entry) => entry.metadata.base_model),
    flag('model.has_chat_template', 'Chat Template', (entry) => entry.model.has_chat_template),
    flag(
      'features.is_not_available_on_hub',
      'Hub Availability',
      (entry) => entry.features.is_not_available_on_hub,
    ),
    flag(
      'features.is_official_provider',
      'Official Providers',
      (entry) => entry.features.is_official_provider,
    ),
    flag('features.is_moe', 'Mixture of Experts', (entry) => entry.features.is_moe),
    flag('features.is_flagged', 'Flag Status', (entry) => entry.features.is_flagged),
  ];
}

const ADDED: BoardColumn = text('model.added', 'Arena', () => 'not yet');

function mutated(columns: BoardColumn[]): BoardColumn[] {
  if (mutation === 'column-missing') return columns.filter(({ label: name }) => name !== 'GPQA');
  if (mutation === 'column-added') return columns.toSpliced(6, 0, ADDED);
  return columns;
}

const helper = createColumnHelper<RankedEntry>();

/** Columns that the parameters ask for, in the board's order. */
export function tableColumns(parameters: Parameters): ColumnDef<RankedEntry>[] {
  const wanted = boardColumns(parameters).filter(
    ({ key }) => ALWAYS.includes(key) || parameters.columns.includes(key),
  );
  return mutated(wanted).map((column) =>
    helper.display({
      id: column.key.replaceAll('.', '_'),
      size: column.width,
      header: () => (column.label === '' ? null : <Header text={column.label} />),
      cell: ({ row }) => column.cell(row.original, row.index),
      sortingFn: (a, b) =>
        (column.sortBy(a.original) ?? '') > (column.sortBy(b.original) ?? '') ? 1 : -1,
    }),
  );
}
