import { date, int, num, req, reqDate, reqOneOf, ts } from './fields.ts';

/** Of what kind a repository is, by the name of its list. */
export const BACKFILL_KINDS = { models: 'model', datasets: 'dataset', spaces: 'space' } as const;

/** What each row says of the snapshot of somebody else that it is from. */
export const snapshotColumns = {
  source: req('Who made the snapshot, e.g. `hfmlsoc/hub_weekly_snapshots`. To be cited.'),
  licence: req('Licence of that source, e.g. ODbL-1.0: share alike. It goes for these rows.'),
  kind: reqOneOf(['model', 'dataset', 'space'], 'What is listed.'),
};

/** What a snapshot says of a repository. */
export const usageColumns = {
  snapshot_date: reqDate(
    'Day that the snapshot is named after. Its maker takes the last state before the week after that day ends, or an older one where there was none.',
  ),
  snapshot_before: date(
    'Day of the snapshot before of this source and kind; null for the first. What changed, changed in between.',
  ),
  taken_after: ts(
    'Latest change that the snapshot knows of, UTC: it was taken after that. The same as of the snapshot before: it is that one again. Null where it tells of no change.',
  ),
  id: req('Name of the repository at that time.'),
  _id: req('Id that survives renames: follow a repository by it.'),
  downloads: int('Downloads of the 30 days before, as the Hub counted them.'),
  downloads_all_time: int(
    'Downloads since the Hub began to count. Null before 2025-02-26. May fall: the Hub corrects it.',
  ),
  likes: int('Likes at that time.'),
  trending_score: num('Score that the Hub sorts its front page by. Null before October 2024.'),
};
