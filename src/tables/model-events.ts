import { eventsOf } from './repo-events.ts';
import { defineTable } from './table.ts';

export const modelEvents = defineTable(eventsOf('model_events', 'model'));
