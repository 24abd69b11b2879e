import { column, model, score, type TableColumn } from '../table-board.ts';

/** A score from 0 to 100. */
export const percent = (header: string, name: string, aliases: string[] = []): TableColumn =>
  score(header, name, { aliases, unit: 'percent', range: [0, 100] });

/** A flag that the pages of gradio_leaderboard turned round: true means that it is not so. */
const turned = (header: string, name: string): TableColumn =>
  column(header, name, { kind: 'boolean', inverted: true });

/** Columns that both versions of the board had while gradio_leaderboard drew it. */
export const SHARED_COLUMNS: readonly TableColumn[] = [
  column('T', 'type_symbol'),
  column('Model', 'model_html', { required: false }),
  percent('Average ⬆️', 'average'),
  column('Type', 'type'),
  column('Architecture', 'architecture', { required: false }),
  column('Weight type', 'weight_type', { required: false }),
  column('Precision', 'precision'),
  column('Hub License', 'license', { required: false }),
  column('#Params (B)', 'params_billions', { kind: 'number', missing: [-1, 0] }),
  column('Hub ❤️', 'hub_likes', { kind: 'number' }),
  column('Available on the hub', 'available_on_hub', { kind: 'boolean' }),
  column('Model sha', 'model_sha'),
  turned('Flagged', 'flagged'),
  turned('MoE', 'moe'),
  model('fullname', { aliases: ['model_name_for_query'] }),
];
