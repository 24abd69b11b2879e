import { licensed } from '../licence.ts';
import { column, model, percent, tableBoard } from '../table-board.ts';

const DOMAINS = ['airline', 'retail', 'telecom', 'banking_knowledge'];
const passed = (domain: string, tries: number) =>
  percent(`results.${domain}.pass_${tries}`, `${domain}_pass_${tries}`, {
    ...{ lowerIsBetter: false, required: tries === 1 },
  });

const board = (kind: string, list: string, tries: number[]) =>
  tableBoard({
    id: `tau-bench${kind}`,
    title: `τ-bench${kind.replace('-', ', ')}`,
    url: 'https://raw.githubusercontent.com/sierra-research/tau2-bench/main/web/leaderboard/public/submissions/manifest.json',
    renderer: 'file',
    file: {
      each: { path: `${list}[]`, url: '{}/submission.json' },
      omit: ['contact_info', 'trajectory_files', 'interaction_metrics'],
    },
    licence: licensed('MIT', { of: 'sierra-research/tau2-bench' }),
    identity: ['submission'],
    minimumRows: 10,
    columns: [
      model('model_name'),
      column('file', 'submission'),
      column('model_organization', 'organization'),
      column('submitting_organization', 'submitted_by'),
      column('submission_date', 'submitted', { kind: 'date' }),
      column('submission_type', 'submission_type', { required: false }),
      column('reasoning_effort', 'reasoning_effort', { required: false }),
      ...DOMAINS.flatMap((domain) => tries.map((it) => passed(domain, it))),
    ],
  });

/** Agents that talk with a user and use tools, in writing and by voice: a file for each submission. */
export const tauBench = [
  board('', 'submissions', [1, 2, 3, 4]),
  board('-voice', 'voice_submissions', [1]),
];
