import { useEffect, useState } from 'react';
import { cacheMode, mutation, type Entry } from './model.ts';

const CACHE_KEY = 'leaderboardData';
const CACHE_MS = 300_000;

export interface Loading {
  entries: Entry[] | null;
  error: string | null;
}

interface Cached {
  data: Entry[];
  timestamp: number;
}

function writeCache(entry: Cached): void {
  try {
    localStorage.setItem(CACHE_KEY, JSON.stringify(entry));
  } catch (error) {
    // All 4,576 rows are more than the browser's quota: the strict page fails over its own cache.
    if (cacheMode === 'strict') throw error;
  }
}

async function loadEntries(): Promise<Entry[]> {
  const text = localStorage.getItem(CACHE_KEY);
  const cached = text === null ? null : (JSON.parse(text) as Cached); // written by writeCache
  if (cached && Date.now() - cached.timestamp < CACHE_MS) return cached.data;
  const response = await fetch('/api/leaderboard/formatted');
  if (!response.ok) throw new Error(`HTTP error! status: ${response.status}`);
  const data = (await response.json()) as Entry[]; // trusted, as the real page does
  writeCache({ data, timestamp: Date.now() });
  return data;
}

/** Rows of the API, asked for again once when that failed. */
export function useEntries(): Loading {
  const [loading, setLoading] = useState<Loading>({ entries: null, error: null });
  useEffect(() => {
    if (mutation === 'skeleton-forever') return;
    loadEntries()
      .catch(() => loadEntries())
      .then(
        (entries) => setLoading({ entries, error: null }),
        (error: unknown) =>
          setLoading({
            entries: null,
            error: error instanceof Error ? error.message : 'Failed to load the leaderboard data.',
          }),
      );
  }, []);
  return loading;
}
