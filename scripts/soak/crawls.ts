import { moreOf } from './playwright.ts';

const SPECS = ['light', 'parts', 'state-kill'].map((name) => `tests/unit/crawl/${name}.spec.ts`);

export const part = moreOf(
  'more kills of light runs, of crawls in parts and of runs on empty disks',
  SPECS,
  { SOAK: '1' },
);
