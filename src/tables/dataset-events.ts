import { eventsOf } from './repo-events.ts';
import { defineTable } from './table.ts';

export const datasetEvents = defineTable(eventsOf('dataset_events', 'data set'));
