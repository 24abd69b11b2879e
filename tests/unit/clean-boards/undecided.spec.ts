import { join } from 'node:path';
import { expect, test } from '../../helpers/fixtures.ts';
import { readJsonl } from '../../helpers/jsonl.ts';

test('cells of a column that could not be decided are counted as repairs', async ({
  cli,
  serve,
  folder,
}) => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' });
    response.end('Model,Score,Acc\na,"1,234",1.5\nb,"5,678",2.5\nc,,3.5\n');
  });
  const out = join(folder, 'out');
  const { code, stderr, stdout } = await cli([
    ...['run', '--sources', 'boards', '--url', `${url}/b.csv`, '--id', 'b'],
    ...['--to', 'jsonl', '--compress', 'none', '--out', out],
  ]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('"Score" is kept as text: the comma of "1,234" may stand before');
  expect(await readJsonl(join(out, 'repairs.jsonl'))).toMatchObject([
    {
      ...{ table: 'leaderboard_entries', rule: 'undecided_as_text', count: 2 },
      ...{ example_id: 'b a', example_path: 'score' },
    },
  ]);
});
