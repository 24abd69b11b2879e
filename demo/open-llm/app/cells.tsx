import { Box, IconButton, Link, SvgIcon, Tooltip, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import type { RankedEntry } from './model.ts';

const CENTRE = { display: 'flex', alignItems: 'center', justifyContent: 'center', width: '100%' };
const ROW = { position: 'relative', display: 'flex', alignItems: 'center', gap: 1, zIndex: 1 };

// The first key that the type contains wins, so `continuouslypretrained` gets the icon of `pretrained`.
const TYPE_ICONS: [string, string][] = [
  ['pretrained', '🟢'],
  ['continuously pretrained', '🟩'],
  ['fine-tuned', '🔶'],
  ['chat', '💬'],
  ['merge', '🤝'],
  ['multimodal', '🌸'],
];

const iconOf = (type: string): string =>
  TYPE_ICONS.find(([key]) => type.toLowerCase().includes(key))?.[1] ?? '❓';

const hue = (value: number): string => `hsl(${Math.round(value * 1.2)} 60% 55%)`;

export const PinCell = ({ pinned }: { pinned: boolean }): ReactNode => (
  <Box sx={{ ...CENTRE, height: '100%' }}>
    <IconButton size="small" sx={{ padding: 0.5, color: pinned ? 'primary.main' : 'grey.400' }}>
      <SvgIcon fontSize="small">
        <path d="M9 3h6v7l3 4h-5v7h-2v-7H6l3-4z" />
      </SvgIcon>
    </IconButton>
  </Box>
);

export const RankCell = ({ rank }: { rank: number }): ReactNode => (
  <Box sx={CENTRE}>
    <Typography
      sx={{
        display: 'flex',
        lineHeight: 1,
        position: 'relative',
        fontWeight: rank <= 10 ? 600 : 400,
        ...(rank <= 3 && { borderRadius: '50%', border: '1px solid', padding: 0.5 }),
      }}
    >
      <Box component="span" sx={{ position: 'relative', zIndex: 1 }}>
        {rank}
      </Box>
    </Typography>
  </Box>
);

export const TypeCell = ({ type }: { type: string }): ReactNode => (
  <Box sx={CENTRE}>
    <Tooltip title={type}>
      <Typography sx={{ fontSize: '1.2rem', cursor: 'help', lineHeight: 1 }}>
        {iconOf(type)}
      </Typography>
    </Tooltip>
  </Box>
);

export const ModelCell = ({ entry }: { entry: RankedEntry }): ReactNode => (
  <Box sx={{ width: '100%', display: 'flex', alignItems: 'center', gap: 1 }}>
    <Link
      href={`https://huggingface.co/${entry.model.name}`}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={`View ${entry.model.name} on Hugging Face Hub`}
      sx={{
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
        flex: 1,
        minWidth: 0,
      }}
    >
      {entry.model.name}
      <SvgIcon sx={{ fontSize: '0.75rem', opacity: 0.6, ml: 0.5 }}>
        <path d="M14 3h7v7h-2V6l-9 9-1-1 9-9h-4zM5 5h5v2H7v10h10v-3h2v5H5z" />
      </SvgIcon>
    </Link>
    <Link
      href={`https://huggingface.co/datasets/open-llm-leaderboard/${entry.model.name.replace('/', '__')}-details`}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={`View detailed evaluation results for ${entry.model.name}`}
      sx={{ textDecoration: 'none', display: 'flex', color: 'text.secondary', flexShrink: 0 }}
    >
      <SvgIcon sx={{ fontSize: '1.1rem' }}>
        <ellipse cx="12" cy="5" rx="8" ry="3" />
      </SvgIcon>
    </Link>
  </Box>
);

/** `52.08 %`, with a bar behind it; a missing score is `-`. */
export const ScoreCell = (props: {
  value: number | null;
  raw?: number | null;
  dot?: boolean;
}): ReactNode => {
  const { value, raw, dot = false } = props;
  if (value === null)
    return (
      <Box sx={ROW}>
        <Typography variant="body2">-</Typography>
      </Box>
    );
  return (
    <Box sx={{ position: 'relative', width: '100%' }}>
      {raw === undefined && (
        <Box
          sx={{
            position: 'absolute',
            left: -16,
            top: -16,
            height: 'calc(100% + 32px)',
            opacity: 0.1,
          }}
          style={{ width: `calc(${value}% + 16px)`, backgroundColor: hue(value) }}
        />
      )}
      <Box sx={{ ...ROW, pl: dot ? 1 : 0 }}>
        {dot && (
          <Box
            sx={{ width: 10, height: 10, borderRadius: '50%', ml: -1 }}
            style={{ backgroundColor: hue(value) }}
          />
        )}
        <Typography variant="body2">
          {raw === undefined ? value.toFixed(2) : (raw ?? 0).toFixed(2)}
          {raw === undefined && <span style={{ opacity: 0.5 }}> %</span>}
        </Typography>
      </Box>
    </Box>
  );
};

export const UnitCell = ({ value, unit }: { value: string; unit: string }): ReactNode => (
  <Box sx={{ display: 'flex', alignItems: 'center' }}>
    <Typography variant="body2">
      {value}
      <span style={{ opacity: 0.6 }}>{unit}</span>
    </Typography>
  </Box>
);

export const TextCell = ({ value }: { value: string | null }): ReactNode => (
  <Tooltip title={value === null || value === '' ? '-' : value}>
    <Typography variant="body2" noWrap>
      {value === null || value === '' ? '-' : value}
    </Typography>
  </Tooltip>
);

export const BooleanCell = ({ value }: { value: boolean | null }): ReactNode =>
  value === null ? (
    <Typography variant="body2">-</Typography>
  ) : (
    <Box sx={{ ...CENTRE, borderRadius: '4px', px: 1, py: 0.5 }}>
      <Typography variant="body2" sx={{ color: value ? 'success.dark' : 'error.dark' }}>
        {value ? 'Yes' : 'No'}
      </Typography>
    </Box>
  );
