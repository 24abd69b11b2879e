/** The few rules without which the page's windows have no size. */
export const STYLE = `
body { font: 14px sans-serif; margin: 0; }
.sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0); }
.hidden { display: none; }
.visually-hidden { position: absolute; overflow: hidden; height: 0; visibility: hidden; }
.block { position: relative; margin: 8px; overflow: hidden; }
.wrap.default.full { position: absolute; inset: 0; background: #fffa; z-index: 1; }
.wrap.default.full.hide { visibility: hidden; pointer-events: none; }
button.disable_click { display: block; width: 100%; padding: 0; border: 0; text-align: left; background: none; font: inherit; }
input[type=file] { display: none; }
thead iframe, tfoot iframe { display: block; position: absolute; width: 0; height: 0; border: 0; visibility: hidden; }
p { margin: 0; }
.scroll-hide table { table-layout: fixed; width: 100%; }
.no-wrap .cell-wrap { white-space: nowrap; }
th, td, .body-cell, .row-number-cell { height: 38.75px; padding: 0 8px; box-sizing: border-box; border-bottom: 1px solid #ddd; text-align: left; }
.md p { display: inline; }
.table-wrap > table[aria-hidden], .table-wrap[role=grid] > table { position: absolute; visibility: hidden; height: 0; overflow: hidden; display: block; }
table.table { display: block; overflow: auto; max-height: 500px; height: 100%; border-spacing: 0; }
table.table > thead { position: sticky; top: 0; display: block; background: #fff; }
table.table > tbody { display: block; padding-top: var(--bw-svt-p-top); padding-bottom: var(--bw-svt-p-bottom); }
table.table > thead > tr, table.table > tbody > tr { display: table; width: 100%; table-layout: fixed; }
.virtual-table-viewport { overflow: auto; max-height: 500px; position: relative; }
.header-table { position: sticky; top: 0; z-index: 1; background: #fff; width: 100%; table-layout: fixed; }
.sizing-body { visibility: collapse; }
.virtual-body { position: relative; }
.virtual-row { position: absolute; top: 0; left: 0; width: 100%; display: flex; height: 38.75px; }
.body-cell { flex: 1 1 0; min-width: 0; overflow: hidden; white-space: nowrap; height: 38.75px; }
`;
