import { req, reqOneOf } from './fields.ts';

/** Of what kind a repository is, by the name of its list. */
export const BACKFILL_KINDS = { models: 'model', datasets: 'dataset', spaces: 'space' } as const;

/** What each row says of the snapshot of somebody else that it is from. */
export const snapshotColumns = {
  source: req('Who made the snapshot, e.g. `hfmlsoc/hub_weekly_snapshots`. To be cited.'),
  licence: req('Licence of that source, e.g. ODbL-1.0: share alike. It goes for these rows.'),
  kind: reqOneOf(['model', 'dataset', 'space'], 'What is listed.'),
};
