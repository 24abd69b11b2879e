import type { PlainRow } from '../export/duckdb/values.ts';
import { count, day, numberIn, textIn } from './format.ts';
import { html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import {
  at,
  bars,
  chip,
  named,
  note,
  number,
  query,
  repo,
  table,
  long,
  type Section,
  type Tone,
} from './parts.ts';
import type { Ask } from './source.ts';

const risen = (figure: string): string => `WITH seen AS (
  SELECT max(update_time) AS now_at, (SELECT max(update_time) FROM huggingface.usage
    WHERE update_time < (SELECT max(update_time) FROM huggingface.usage)) AS before_at FROM huggingface.usage
)
SELECT fresh.id, fresh.${figure} - old.${figure} AS rise, fresh.${figure} AS total, now_at, before_at
FROM seen JOIN huggingface.usage AS fresh ON fresh.update_time = now_at
JOIN huggingface.usage AS old ON old.update_time = before_at AND old._id = fresh._id
WHERE fresh.${figure} > old.${figure} ORDER BY rise DESC, fresh.id LIMIT 10`;

const FIGURES = [
  ['downloads_all_time', 'downloads'],
  ['likes', 'likes'],
] as const;

/** Which models' counters rose most since the run before. */
export async function risers({ release }: ReportInput, ask: Ask): Promise<Section | null> {
  if (release === null) return null;
  const lists: Markup[] = [];
  for (const [figure, name] of FIGURES) {
    const sql = risen(figure);
    const rows = await ask(sql);
    if (rows.length === 0) continue;
    const when = `${day(textIn(rows[0]?.['before_at']))} to ${day(textIn(rows[0]?.['now_at']))}`;
    const list = table<PlainRow>(
      `Most new ${name}, ${when}`,
      [
        named('Model', (it) => repo(release.manifest.endpoint, textIn(it['id']))),
        number(`New ${name}`, (it) => `+${count(numberIn(it['rise']))}`),
        number('Of all time', (it) => numberIn(it['total'])),
        bars(rows, 'rise'),
      ],
      rows,
    );
    lists.push(html`<div>${list}${query(sql)}</div>`);
  }
  const none = note('No counter rose, or there is no run before: this takes two.');
  const body = lists.length > 0 ? html`<div class="pair">${lists}</div>` : none;
  return { id: 'risen', title: 'Most risen', body };
}

const COUNTS = `SELECT event, seen_at, count_if(kind = 'm') AS models, count_if(kind = 'd') AS datasets, count_if(kind = 's') AS spaces
FROM (SELECT 'm' AS kind, * FROM huggingface.model_events UNION ALL SELECT 'd', * FROM huggingface.dataset_events
  UNION ALL SELECT 's', * FROM huggingface.space_events) AS told
GROUP BY seen_at, event QUALIFY seen_at = max(seen_at) OVER () ORDER BY event`;

const EXAMPLES = `SELECT told.id, told.event, told.before, told.after, told.confirmed, used.downloads
FROM huggingface.model_events AS told LEFT JOIN (
  SELECT _id, max_by(downloads, update_time) AS downloads FROM huggingface.usage
  WHERE _id IN (SELECT _id FROM huggingface.model_events) GROUP BY _id
) AS used USING (_id)
WHERE told.run = (SELECT max_by(run, seen_at) FROM huggingface.model_events) AND told.event <> 'new_revision'
QUALIFY row_number() OVER (PARTITION BY told.event ORDER BY downloads DESC NULLS LAST, told.id) <= 10
ORDER BY told.event, downloads DESC NULLS LAST, told.id`;

/** What appeared, vanished and changed since the whole run before. */
export async function events({ release }: ReportInput, ask: Ask): Promise<Section | null> {
  if (release === null) return null;
  const title = 'What appeared and vanished';
  const counts = await ask(COUNTS);
  if (counts.length === 0) {
    const none = 'Nothing to tell: that takes two runs of the whole Hub, and what they differ in.';
    return { id: 'events', title, body: note(none) };
  }
  const examples = Map.groupBy(await ask(EXAMPLES), (it) => textIn(it['event']));
  const kinds = [
    ['Models', 'models'],
    ['Data sets', 'datasets'],
    ['Spaces', 'spaces'],
  ] as const;
  const body = [
    table<PlainRow>(
      `Between ${day(textIn(counts[0]?.['seen_at']))} and the whole run before`,
      [
        named('Event', ({ event }) => chip(TONES[textIn(event)] ?? 'none', words(textIn(event)))),
        ...kinds.map(([head, key]) => number<PlainRow>(head, (it) => numberIn(it[key]))),
      ],
      counts,
    ),
    query(COUNTS),
    html`<div class="pair">
      ${[...examples].map(([event, rows]) => eventList(event, rows, release.manifest.endpoint))}
    </div>`,
    query(EXAMPLES),
  ];
  return { id: 'events', title, body };
}

const TONES: Partial<Record<string, Tone>> = { added: 'good', removed: 'bad', disabled: 'bad' };

const words = (event: string): string => event.replaceAll('_', ' ');

function eventList(event: string, rows: readonly PlainRow[], endpoint: string): Markup {
  const told = [
    ['Before', 'before'],
    ['Now', 'after'],
    ['The Hub says', 'confirmed'],
  ] as const;
  // Of what was added or removed, before and now are only its commit.
  const own = event === 'added' || event === 'removed' ? told.slice(2) : told;
  const shown = own.filter(([, key]) => rows.some((it) => textIn(it[key]) !== ''));
  return table<PlainRow>(
    `Models ${words(event)}, most downloaded first`,
    [
      named('Model', (it) => repo(endpoint, textIn(it['id']))),
      ...shown.map(([head, key]) => long(head, at(key, 60))),
      number('Downloads', (it) => numberIn(it['downloads'])),
    ],
    rows,
  );
}
