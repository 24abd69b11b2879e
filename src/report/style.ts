/** The look of the page: the system's own type, few colours, each readable in light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf8; --card: #fff; --ink: #1c1d20; --soft: #595d66; --rule: #e3e0da;
  --accent: #2456c4; --fill: #5b84e0; --good: #146c43; --warn: #855300; --bad: #ab231c; --none: #595d66;
  --open_source: #3a68c8; --use_limits: #8f6110; --non_commercial: #a8453d; --unknown: #696e78; }
@media (prefers-color-scheme: dark) { :root { --paper: #121316; --card: #1a1c20; --ink: #ebebee; --soft: #a5a9b2;
  --rule: #2d3036; --accent: #8fb2ff; --fill: #5f8bea; --good: #62d49f; --warn: #efb75f; --bad: #ff9088; --none: #a5a9b2;
  --open_source: #6f9af0; --use_limits: #d9a548; --non_commercial: #e07f76; --unknown: #989da8; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
.page { max-width: 1120px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: clamp(1.7rem, 4.5vw, 2.6rem); line-height: 1.12; letter-spacing: -.022em; margin: .2rem 0 .8rem; text-wrap: balance; }
h2 { font-size: 1.4rem; letter-spacing: -.012em; margin: 0 0 1rem; }
p { margin: .6rem 0; max-width: 74ch; }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: from-font; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
.brand { margin: 0; color: var(--soft); font-weight: 600; font-size: .85rem; letter-spacing: .02em; }
.lead { font-size: 1.12rem; } .note { color: var(--soft); font-size: .88rem; }
.banner { border-inline-start: 4px solid var(--c); background: color-mix(in srgb, var(--c) 8%, var(--card)); padding: .6rem 1.1rem; border-radius: 4px; margin: 1.2rem 0; }
.good { --c: var(--good); } .warn { --c: var(--warn); } .bad { --c: var(--bad); } .none { --c: var(--none); }
.chip { display: inline-block; color: var(--c); background: color-mix(in srgb, var(--c) 10%, var(--card)); border-radius: 99px; padding: .05rem .6rem; font-size: .82rem; font-weight: 600; white-space: nowrap; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; margin: 1.6rem 0; background: var(--rule); border: 1px solid var(--rule); border-radius: 12px; overflow: hidden; }
.figures div { background: var(--card); padding: .9rem 1.1rem; display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); font-size: .88rem; } .figures dd { margin: 0; font-size: 1.65rem; font-weight: 650; letter-spacing: -.02em; line-height: 1.2; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 0 0 1.6rem; padding: 0; font-size: .92rem; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 1.5rem; margin: 0 0 1.4rem; scroll-margin-top: 1rem; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
h3 { font-size: .98rem; margin: 1.3rem 0 .3rem; } h2 + h3 { margin-top: 0; }
th, td { text-align: start; padding: .42rem .55rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
th:first-child, td:first-child { padding-inline-start: 0; } th:last-child, td:last-child { padding-inline-end: 0; }
thead th { color: var(--soft); font-weight: 500; font-size: .82rem; vertical-align: bottom; }
tbody th { font-weight: 550; min-width: 11rem; max-width: 24rem; overflow-wrap: anywhere; } tbody tr:last-child > * { border-bottom: 0; }
td { white-space: nowrap; } .number { text-align: end; } .long { min-width: 12rem; white-space: normal; overflow-wrap: anywhere; } td.bar { width: 30%; min-width: 6rem; vertical-align: middle; }
span.bar { display: block; height: .7rem; min-width: 1px; background: var(--fill); border-radius: 2px; }
figure { margin: 0; } figcaption { font-size: .92rem; margin-bottom: .4rem; }
.chart { width: 100%; height: auto; display: block; } .chart text { fill: var(--soft); font-size: 13px; } .chart .y { text-anchor: end; dominant-baseline: middle; } .chart .x { text-anchor: middle; }
.charts { display: grid; gap: 1.2rem 2rem; } .charts > :only-child { max-width: 720px; }
@media (min-width: 900px) { .charts:has(> :nth-child(2)) { grid-template-columns: 2fr 1fr; align-items: start; } .charts > :first-child { grid-row: span 2; } .charts > :not(:first-child) text { font-size: 25px; } }
.grid { stroke: var(--rule); } .bars { fill: var(--fill); } .bars rect:hover { fill: var(--accent); }
.spark { display: block; overflow: visible; } .spark .line { fill: none; stroke: var(--fill); stroke-width: 1.6; } .spark circle { fill: var(--accent); } .spark .gap { stroke: var(--bad); stroke-width: 1.8; fill: none; }
.shares { display: grid; grid-template-columns: 8.5rem 1fr; align-items: center; margin: .5rem 0; font-size: .9rem; } .shares div { display: flex; height: 1.9rem; border-radius: 6px; overflow: hidden; gap: 2px; }
.shares i { flex-basis: 0; background: var(--k); color: var(--paper); font: 600 .8rem/1.9rem system-ui; text-align: center; overflow: hidden; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .88rem; } .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 3px; background: var(--k); margin-inline-end: .4rem; }
.open_source { --k: var(--open_source); } .use_limits { --k: var(--use_limits); } .non_commercial { --k: var(--non_commercial); } .unknown { --k: var(--unknown); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 0 2rem; } .pair > * { min-width: 0; }
details { border-top: 1px solid var(--rule); padding: .55rem 0; } summary { cursor: pointer; } details details { border: 0; }
.scroll + details { border: 0; padding: 0; } summary > .note { margin-inline-start: .4rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .86em; } pre { overflow-x: auto; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: .8rem 1rem; white-space: pre-wrap; }
td code { overflow-wrap: anywhere; } small { color: var(--soft); }
.evidence img { max-width: 100%; max-height: 420px; border: 1px solid var(--rule); border-radius: 8px; }
footer { color: var(--soft); font-size: .88rem; }
@media (max-width: 640px) { .page { padding: 1.4rem .9rem 3rem; } section { padding: 1.1rem 1rem; border-radius: 10px; } .chart text { font-size: 22px; } .shares { grid-template-columns: 1fr; gap: .2rem; } .figures dd { font-size: 1.35rem; }
  th, td { padding-inline: .4rem; } tbody th { min-width: 8rem; } td.bar { min-width: 3.5rem; } }
@media print { nav, .skip { display: none; } section { break-inside: avoid-page; border: 0; padding: 0; } }
`;
