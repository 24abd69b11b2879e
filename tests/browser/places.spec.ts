import { controlText, variantOf } from '../../src/boards/controls.ts';
import { inferBoard } from '../../src/boards/infer.ts';
import { html } from '../../src/crawlers/kinds/html/html.ts';
import { gradio } from '../../src/crawlers/kinds/gradio/gradio.ts';
import { agGrid } from '../../src/crawlers/kinds/ag-grid/ag-grid.ts';
import { recognise } from '../../src/crawlers/kinds/index.ts';
import type { Kind } from '../../src/crawlers/kinds/kind.ts';
import { roleGrid } from '../../src/crawlers/kinds/role-grid/role-grid.ts';
import { listenTo } from '../../src/crawlers/pages/traffic.ts';
import { expect, test as base } from './read-page.ts';
import { tableOf } from './table-page.ts';

/** A Gradio page of one Markdown text in each tab, those that are not open without their elements. */
function gradioPage(tabs: Record<string, string>, open: string): string {
  const names = Object.keys(tabs);
  const text = `| Model | Score |\n| --- | --- |\n| org/model-0 | 0.5 |`;
  const components = names.flatMap((label, n) => [
    { id: 10 + n, type: 'tabitem', props: { label } },
    { id: 20 + n, type: 'markdown', props: { value: tabs[label] === '' ? 'words' : text } },
  ]);
  const children = names.map((_, n) => ({ id: 10 + n, children: [{ id: 20 + n }] }));
  const config = { components, dependencies: [], layout: { id: 0, children } };
  const script = `window.gradio_config = ${JSON.stringify(config)};
    const tabs = ${JSON.stringify(tabs)};
    function show(name) {
      for (const it of document.querySelectorAll('[role=tab]')) it.ariaSelected = it.textContent === name;
      document.querySelector('#panel').innerHTML = tabs[name];
    }`;
  const buttons = names.map((it) => `<button role="tab" onclick="show('${it}')">${it}</button>`);
  return `<div class="gradio-container">${buttons.join('')}<div id="panel"></div></div>
    <script>${script} show('${open}');</script>`;
}

const test = base.extend<{ find: (url: string) => ReturnType<typeof recognise> }>({
  /** What a page is found to be. */
  find: async ({ context }, use) => {
    await use(async (url) => {
      const page = await context.newPage();
      await listenTo(page);
      await page.goto(url, { waitUntil: 'commit' });
      return recognise(page.mainFrame(), 600_000);
    });
  },
});

test.describe('where a page has its table', () => {
  const details = `<details><summary>Full results</summary>${tableOf(12)}</details>`;
  /** A table whose scores are drawn by elements with shadow roots, in one itself, below what is said of it. */
  const shadow = (
    says: string,
  ): string => `<section><p>${says}</p><div id="host"></div></section><script>
    const root = document.querySelector('#host').attachShadow({ mode: 'open' });
    root.innerHTML = ${JSON.stringify(tableOf(12))};
    for (const cell of root.querySelectorAll('td:last-child')) {
      const text = cell.textContent;
      cell.innerHTML = '<span></span>';
      cell.firstChild.attachShadow({ mode: 'open' }).innerHTML = '<b>' + text + '</b>';
    }</script>`;
  /** A table whose other rows come by a button of a library, the words of which are in a slot. */
  const library = `${tableOf(5)}<x-button>Show more</x-button><script>
    const button = document.querySelector('x-button');
    button.attachShadow({ mode: 'open' }).innerHTML = '<button><slot></slot></button>';
    button.addEventListener('click', () => {
      document.querySelector('table').outerHTML = '${tableOf(12)}';
      button.remove();
    });</script>`;
  const tab = `<button role="tab" aria-controls="p" onclick="document.getElementById('p').hidden = false">
    All</button><div id="p" hidden>${tableOf(12)}</div>`;
  const opened = 'closed section "Full results", which was opened';
  for (const [where, kind, body, rows, ...notes] of [
    ['a closed section', html, details, 12, opened],
    ['a closed tab', html, tab, 12, 'closed tab "All", which was opened'],
    ['an open shadow root', html, shadow('A board'), 12],
    ['beside a shorter one', html, tableOf(5, 20) + details, 12, opened],
    [
      ...(['beside a longer one', html, tableOf(15) + details, 15] as const),
      '12 rows in a closed section "Full results"',
    ],
    ['before a button of a library is pressed', html, library, 12],
    ['beside a bar without height', html, `<b role="progressbar"></b>${tableOf(12)}`, 12],
    ['a text of Gradio', gradio, gradioPage({ A: tableOf(12) }, 'A'), 12],
    ['a closed section of Gradio', gradio, gradioPage({ A: details }, 'A'), 12, opened],
    [
      ...([
        'a closed tab of Gradio',
        gradio,
        gradioPage({ A: '', B: tableOf(9) }, 'A'),
        9,
      ] as const),
      '"B" was opened',
    ],
    [
      ...(['one of two tabs of Gradio', gradio] as const),
      ...([
        gradioPage({ A: tableOf(12), B: tableOf(9, 50) }, 'A'),
        12,
        'a closed tab "B"',
      ] as const),
    ],
  ] as const) {
    test(`is said: ${where}`, async ({ read, servePage }) => {
      const reading = await read(kind, await servePage(body));

      expect(reading.shown).toHaveLength(rows);
      expect(reading.shown[3]?.cells).toEqual({ Model: 'org/model-3', Score: '3.5' });
      expect(reading.notes).toEqual(notes.map((it): unknown => expect.stringContaining(it)));
    });
  }

  test('controls in force are read, those in rows and of the site are not', async ({
    read,
    servePage,
  }) => {
    const body = `<nav><a class="active">Home</a><a class="other">About</a></nav>
      <label>Split <select><option>Lite<option selected>Verified</select></label>
      <label><input type="checkbox" checked>Open weights</label>
      <button class="tab active">2026</button><button class="tab">2025</button>
      <input type="search" aria-label="Find" value="llama">${tableOf(3).replace('0.5<', '0.5<input type="checkbox"><')}
      <ul><li class="active">1</li><li class="last disabled">Last</li></ul>
      <x-tab active>Text</x-tab><x-tab>Vision</x-tab>
      <div><div class="tab tab--selected">All</div><div class="tab">New</div></div>
      <p>Size</p><div role="combobox">70B and more</div><button aria-haspopup="listbox" data-placeholder>Pick</button>
      <div class="x-select"><i class="x-select-input"><input role="combobox" id="_r_1_"></i>acme</div>
      <div class="x-pagination"><div class="x-select">10 / page<input role="combobox"></div></div>`;
    const { controls = [], filters } = await read(html, await servePage(body));

    expect(controls.map(controlText)).toEqual([
      ...['Split=Verified', 'Open weights=on', 'choice=2026', 'Find=llama', 'choice=1'],
      ...['choice=Text', 'choice=All', 'Size=70B and more', '=acme'],
    ]);
    expect(variantOf(controls)).toBe(
      'Split=Verified; Open weights=on; choice=2026; Find=llama; choice=Text; choice=All; Size=70B and more; =acme',
    );
    // Nobody knows what a search leaves: such a board is refused.
    expect(filters).toEqual(['search=llama']);
  });

  test('a script that takes its own element away may still draw rows', async ({ read, serve }) => {
    const app = `document.body.innerHTML = '${tableOf(5)}';
      setTimeout(() => { document.body.innerHTML = '${tableOf(12)}'; }, 300);`;
    const url = await serve((request, response) => {
      const isApp = request.url === '/app.js';
      const type = isApp ? 'text/javascript' : 'text/html';
      response.writeHead(200, { 'content-type': type });
      response.end(isApp ? app : '<!doctype html><body><script src="/app.js"></script>');
    });

    expect((await read(html, url)).shown).toHaveLength(12);
  });

  test('what is said beside a shadow root is a doubt', async ({ read, servePage }) => {
    const url = await servePage(shadow('Showing 12 of 60 models'));
    const { stated } = await read(html, url);

    expect(stated).toEqual({ shown: null, total: 60 });
  });

  test('a frame of the same origin is read', async ({ find, servePage }) => {
    const frame = `<iframe srcdoc="${tableOf(12)}" width="800" height="600"></iframe>`;
    const found = await find(await servePage(frame));

    expect(found.kind).toBe(html);
    expect(found.frame.url()).toBe('about:srcdoc');
  });

  const GONE = '<script src="http://127.0.0.1:1/grid.js"></script>';
  const BODIES = {
    '/login': ['<form><input name="u"><input type="password"></form>', /asks for a login$/],
    '/challenge': ['<title>Just a moment...</title><p>Wait.</p>', /that a person is there$/],
    '/consent': [
      '<div role="dialog">We use cookies <button>Accept</button></div><main>Board</main>',
      /asks for consent: We use cookies/,
    ],
    '/canvas': ['<canvas width="900" height="400"></canvas>', /draws its contents: canvas/],
    '/data': [
      "<p role='status'>Loading …</p><script>fetch('/rows.json')</script>",
      /the data \S+\/rows\.json answered 404/,
    ],
    '/empty': [tableOf(0), /its table has no rows: Model, Score/],
    '/words': [`<p>Nothing here</p>${GONE}`, /: 1 from \S+:1 \(.+whole\); it shows: Nothing/],
  } as const;

  test('a page without one is refused by what it is, long before the time is over', async ({
    find,
    serve,
  }) => {
    const url = await serve(({ url: path = '' }, response) => {
      const [body] = BODIES[path as keyof typeof BODIES] ?? [''];
      const status = body === '' ? 404 : 200;
      response.writeHead(status, { 'content-type': 'text/html' }).end(`<!doctype html>${body}`);
    });
    const refused = Object.entries(BODIES).map(([path, [, reason]]) =>
      expect(find(`${url}${path}`)).rejects.toThrow(reason),
    );
    await Promise.all(refused);
  });

  const EMPTY_GRID = `<div role="grid" style="width: 600px; height: 200px"><div role="row">
    <div role="columnheader">Model</div><div role="columnheader">Score</div></div></div>`;

  test('a board of a known kind is refused so, too', async ({ read, servePage }) => {
    const url = await servePage((path) => {
      const body = path === '/grid' ? EMPTY_GRID : (BODIES[path as keyof typeof BODIES]?.[0] ?? '');
      return `${body}<script>1</script>`;
    });
    const refusals: [Kind, string, RegExp][] = [
      [roleGrid, '/grid', /its table has no rows: Model, Score/],
      [agGrid, '/grid', /its table has no rows: Model, Score/],
      [roleGrid, '/login', /asks for a login/],
      [agGrid, '/canvas', /draws its contents: canvas/],
      [gradio, '/login', /asks for a login/],
      [gradio, '/words', /it shows: Nothing here/],
      [html, '/empty', /it has: Model, Score \(no rows\)/],
      [html, '/challenge', /that a person is there/],
    ];

    await Promise.all(
      refusals.map(([kind, path, reason]) =>
        expect(
          read(kind, `${url}${path}`, { timeoutMs: 600_000 }),
          `${kind.id} ${path}`,
        ).rejects.toThrow(reason),
      ),
    );
  });

  const DATA = JSON.stringify(
    Array.from({ length: 12 }, (_, n) => ({ Model: `org/model-${n}`, Score: n + 0.5 })),
  );
  /** The page loads just the rows that it shows. */
  const LOADS = `<script>fetch('/data.json')</script>`;
  /** As glide-data-grid draws one, with the rows in view for screen readers. */
  const GRID =
    '<canvas width="900" height="300"><table role="grid"><tr><td role="gridcell">a</td></tr></table></canvas>';
  const later = (work: string): string => `<script>setTimeout(() => { ${work} }, 2000)</script>`;
  const VEILED: Record<string, [string, RegExp]> = {
    'a blur over its last rows': [
      `<style>tr:nth-child(n+9) { filter: blur(4px) }</style>${tableOf(12)}`,
      /rows for other readers: expected "none", found "rows under a blur"/,
    ],
    'a blur over all of it': [
      `<div style="filter: blur(3px)">${tableOf(12)}</div>`,
      /found "rows under a blur"/,
    ],
    'a login that shows the rest': [
      `<section>${tableOf(12)}<div><p>Sign in to see all models</p></div></section>`,
      /rows for other readers: expected "none", found "Sign in to see all models"/,
    ],
    'an offer to unlock it': [
      `<section>${tableOf(12)}<button>Unlock 48 more</button></section>`,
      /found "Unlock 48 more"/,
    ],
    'a grid on a canvas': [`${tableOf(12)}${GRID}`, /found "canvas"/],
    'one of Streamlit': [
      `${tableOf(12)}<div data-testid="stDataFrame">${GRID}</div>`,
      /table that is drawn as a picture: expected "none", found "Streamlit canvas"/,
    ],
    'one in a closed tab': [
      `${tableOf(12)}<div hidden><div data-testid="stDataFrame"></div></div>`,
      /found "Streamlit canvas"/,
    ],
    'one whose code is on its way': [
      `${tableOf(12)}<p id="it" data-testid="stSkeleton">_</p>${later("it.dataset.testid = 'stDataFrame'")}`,
      /found "Streamlit canvas"/,
    ],
    'a script of Streamlit that still runs': [
      `<div id="it" data-test-script-state="running">${tableOf(12)}</div>
      ${later("it.dataset.testid = 'stDataFrame'; it.dataset.testScriptState = 'notRunning'")}`,
      /found "Streamlit canvas"/,
    ],
  };

  test('a preview, or a table beside one on a canvas, is refused, whatever was loaded for it', async ({
    read,
    serve,
  }) => {
    const pages = Object.values(VEILED);
    const url = await serve(({ url: path = '' }, response) => {
      const isData = path === '/data.json';
      response.writeHead(200, { 'content-type': isData ? 'application/json' : 'text/html' });
      response.end(isData ? DATA : `<!doctype html>${pages[Number(path.slice(1))]?.[0]}${LOADS}`);
    });

    await Promise.all(
      pages.map(([, reason], at) =>
        expect(read(html, `${url}/${at}`), Object.keys(VEILED)[at]).rejects.toThrow(reason),
      ),
    );
  });

  test('what looks like a preview and is none is read', async ({ read, servePage }) => {
    const bodies = [
      // A blur of nothing, and one of another thing.
      `<img style="filter: blur(4px)"><div style="filter: blur(0px)">${tableOf(12)}</div>`,
      // A chart.
      `${tableOf(12)}<canvas width="900" height="300"></canvas>`,
      // The site's own login, and a link to this table.
      `<header><a href="/login">Sign in to see all of your models</a></header><a href="#board">View full leaderboard</a><h2 id="board">Board</h2><section>${tableOf(12)}</section>`,
    ];
    const url = await servePage((path) => bodies[Number(path.slice(1))] ?? '');

    for (const at of bodies.keys()) {
      expect((await read(html, `${url}/${at}`)).shown, String(at)).toHaveLength(12);
    }
  });

  test('a transposed table is refused by that name, alone and beside a smaller one, and never taken before another', async ({
    read,
    servePage,
  }) => {
    const rows = ['<td>open<td>closed', '<td>80%<td>60', '<td>81%<td>61', '<td>82%<td>62'];
    const names = ['Licence', 'MMLU', 'GSM8K', 'ARC'];
    const turned = `<table><tr><th>Model<th>GPT-4o<th>Llama-3-8B${rows
      .map((it, at) => `<tr><td>${names[at]}${it}`)
      .join('')}</table>`;
    const beside = { '/alone': '', '/smaller': tableOf(2), '/larger': tableOf(3) };
    const url = await servePage((path) => turned + (beside[path as keyof typeof beside] ?? ''));

    for (const path of ['/alone', '/smaller']) {
      const reading = await read(html, `${url}${path}`);
      expect(() => inferBoard({ id: 'b', url }, 'html', reading), path).toThrow(
        /^The table is transposed/,
      );
    }
    expect((await read(html, `${url}/larger`)).shown).toHaveLength(3);
  });

  test('a table beside data that fail while it is at rest is refused', async ({ read, serve }) => {
    const url = await serve(({ url: path }, response) => {
      const isData = path === '/data.json';
      const body = isData ? '' : `<!doctype html>${tableOf(3)}${LOADS}`;
      response.writeHead(isData ? 500 : 200, { 'content-type': 'text/html' });
      setTimeout(() => response.end(body), isData ? 700 : 0);
    });

    await expect(read(html, url)).rejects.toThrow(/data\.json/);
  });

  test('one that is drawn once it is in view is found there', async ({ find, servePage }) => {
    const script = `new IntersectionObserver(([it], own) => {
      if (!it.isIntersecting) return;
      own.disconnect();
      it.target.innerHTML = ${JSON.stringify(tableOf(12))};
    }).observe(document.querySelector('#late'))`;
    const body = `<div style="height: 9000px">Words</div><div id="late" style="height: 9px"></div>`;
    const url = await servePage(`${body}<script>${script}</script>`);

    await expect(find(url)).resolves.toMatchObject({ kind: html });
  });
});
