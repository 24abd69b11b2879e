import { Box, Button, Chip, Link, Skeleton, TextField, Typography } from '@mui/material';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { BoardTable, SkeletonTable } from './board-table.tsx';
import { mutation } from './model.ts';
import { readParameters, writeParameters, type Parameters } from './parameters.ts';
import { passes, rankEntries, tableRows } from './processing.ts';
import { useEntries } from './use-entries.ts';

const QUICK_FILTERS = [
  'For Edge Devices',
  'For Consumers',
  'Mid-range',
  'For the GPU-rich',
  'Only Official Providers',
];

const Count = ({ value }: { value: string }): ReactNode => (
  <Box sx={{ display: 'flex', alignItems: 'center' }}>
    <Typography variant="body2" sx={{ fontWeight: 700, whiteSpace: 'nowrap' }}>
      {value}
    </Typography>
  </Box>
);

/** The parameters of the hash, which the page rewrites once it has read them. */
function useParameters(): [Parameters, (parameters: Parameters) => void] {
  const [parameters, setParameters] = useState(() => readParameters(location.hash));
  useEffect(() => {
    history.replaceState(null, '', writeParameters(parameters));
  }, [parameters]);
  return [parameters, setParameters];
}

const Shell = ({ children }: { children: ReactNode }): ReactNode => (
  <Box sx={{ maxWidth: 1500, mx: 'auto', p: 2 }}>
    <Box component="nav" sx={{ display: 'flex', justifyContent: 'center', gap: 2 }}>
      {['Open LLM Leaderboard', 'Submit model', 'Vote for next model', 'Cite'].map((text) => (
        <Link key={text} href="#/">
          {text}
        </Link>
      ))}
    </Box>
    <Typography variant="h4" component="h1" align="center" sx={{ my: 2, fontWeight: 600 }}>
      Open LLM Leaderboard
    </Typography>
    <Typography align="center" sx={{ mb: 2, color: 'text.secondary' }}>
      Comparing open models under the same conditions
    </Typography>
    {children}
  </Box>
);

const SkeletonBoard = (): ReactNode => (
  <Shell>
    <Skeleton variant="rounded" height={56} />
    <Box sx={{ display: 'flex', gap: 1, my: 2 }}>
      {QUICK_FILTERS.map((name) => (
        <Skeleton key={name} variant="rounded" width={150} height={32} />
      ))}
    </Box>
    <SkeletonTable />
  </Shell>
);

/** Numbers by the search box. Two mutations lie here, and only here. */
function countTexts(shown: number, total: number): [string, string] {
  const lie = mutation === 'count-lies' || mutation === 'payload-row-dropped' ? 1 : 0;
  return [String(shown + lie), String(total + lie)];
}

const Controls = (props: {
  count: [string, string];
  search: string;
  onSearch: (text: string) => void;
}): ReactNode => (
  <>
    <Box sx={{ display: 'flex', gap: 1, justifyContent: 'flex-end', mb: 1 }}>
      <Button size="small">table options</Button>
      <Button size="small">column visibility</Button>
    </Box>
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
      <TextField
        fullWidth
        size="small"
        defaultValue={props.search}
        placeholder="Search by model name; use @field:value and ; for more"
        onChange={(event) => props.onSearch(event.target.value)}
      />
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
        <Count value={props.count[0]} />
        <Count value="/" />
        <Count value={props.count[1]} />
      </Box>
    </Box>
    <Box sx={{ display: 'flex', gap: 1, my: 2 }}>
      {QUICK_FILTERS.map((name) => (
        <Chip key={name} label={name} variant="outlined" />
      ))}
    </Box>
  </>
);

/** The page in its phases: skeleton, then data, an error sentence, or nothing found. */
export function BoardPage(): ReactNode {
  const [parameters, setParameters] = useParameters();
  const { entries, error } = useEntries();
  const ranked = useMemo(
    () => (entries === null ? [] : rankEntries(entries, parameters)),
    [entries, parameters],
  );
  const shown = useMemo(
    () => ranked.filter((entry) => passes(entry, parameters)),
    [ranked, parameters],
  );
  if (error !== null)
    return (
      <Shell>
        <Typography color="error" align="center">
          {error}
        </Typography>
      </Shell>
    );
  if (entries === null) return <SkeletonBoard />;
  const total = parameters.official
    ? ranked.filter((entry) => entry.features.is_official_provider).length
    : ranked.length;
  return (
    <Shell>
      <Controls
        count={countTexts(shown.length, total)}
        search={parameters.search}
        onSearch={(search) => setParameters({ ...parameters, search })}
      />
      {shown.length === 0 ? (
        <Typography variant="h5" component="h2" align="center">
          No models found
        </Typography>
      ) : (
        <BoardTable entries={tableRows(shown)} parameters={parameters} />
      )}
    </Shell>
  );
}
