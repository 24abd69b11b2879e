import { z } from 'zod';
import { int, num, req, reqTs, str } from './fields.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository at that time.'),
  _id: req('Id that survives renames: follow a Space by it.'),
  likes: int('Likes at that time.'),
  trending_score: num('Score that the Hub sorts its front page by.'),
  stage: str('How it ran at that time: see hub_spaces.runtime.'),
  hardware: str('What it ran on.'),
  update_time: reqTs('When the run that fetched the figures began, UTC: one time a run.'),
});

export const spaceUsage = defineTable<typeof row, 'space'>({
  name: 'space_usage',
  description:
    'One row is the popularity and state of a Space at a time; the Hub counts no visits in public. History: each run adds its day and replaces nothing else.',
  origin: 'space',
  row,
  key: ['_id', 'update_time'],
  historyBy: 'update_time',
  project: ({ id, _id, likes, trending_score, runtime }, { observedAt }) => {
    const { stage = null, hardware = null } = runtime ?? {};
    const facts = { id, _id, likes, trending_score, stage };
    return [{ ...facts, hardware: hardware?.current ?? null, update_time: observedAt }];
  },
});
