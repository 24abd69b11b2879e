import { eventsOf } from './repo-events.ts';
import { defineTable } from './table.ts';

export const spaceEvents = defineTable(eventsOf('space_events', 'Space'));
