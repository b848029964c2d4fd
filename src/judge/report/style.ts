/** The report's one style sheet: light and dark by the reader's setting, paper always light. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f5f6f4; --sheet: #ffffff; --ink: #1b2326; --soft: #556166; --line: #d9dedc; --faint: #eef1ef;
  --good: #7b929b; --defective: #b8352b; --mark: #1b2326; --care: #fbf3df; --care-line: #d9b45b;
  --d0: #0b6b7d; --d1: #b4561a; --d2: #6a4da3; --d3: #4f7415; --d4: #a32f6e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #121718; --sheet: #1a2123; --ink: #e7ecec; --soft: #a3b0b3; --line: #333e41; --faint: #222b2d;
    --good: #8aa3ac; --defective: #ee7b6c; --mark: #e7ecec; --care: #2c2718; --care-line: #8d7430;
    --d0: #62c3d6; --d1: #f0a066; --d2: #b8a0ee; --d3: #a5cf62; --d4: #ee8dc0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; -webkit-text-size-adjust: 100%;
}
main { max-width: 68rem; margin: 0 auto; padding: 3.5rem 1.5rem 4rem; }
header { margin-bottom: 2.5rem; }
.product { margin: 0; color: var(--soft); font-size: .875rem; letter-spacing: .02em; }
h1 { margin: .25rem 0 .5rem; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); line-height: 1.18; font-weight: 650; letter-spacing: -.015em; text-wrap: balance; }
h2 { margin: 0 0 1rem; font-size: 1.3rem; line-height: 1.3; font-weight: 650; letter-spacing: -.008em; }
h3 { margin: 0 0 .6rem; font-size: 1rem; line-height: 1.4; font-weight: 650; }
p { margin: 0 0 .75rem; max-width: 42rem; }
.lead { color: var(--soft); margin: 0; }
.muted, small { color: var(--soft); }
small { font-size: .8125rem; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; padding: 1.75rem; margin: 0 0 1.25rem; }
section > :last-child { margin-bottom: 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.5rem 2.5rem; }
section > .columns:not(:last-child) { margin-bottom: 1rem; }
ul { margin: 0; padding-left: 1.1rem; }
li { margin: 0 0 .3rem; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
.scroll:focus-visible { outline: 2px solid var(--d0); outline-offset: 4px; }
table { border-collapse: collapse; width: 100%; text-align: left; }
caption { caption-side: bottom; text-align: left; color: var(--soft); font-size: .875rem; padding-top: .75rem; }
th, td { padding: .65rem .9rem .65rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: .875rem; font-weight: 500; color: var(--soft); vertical-align: bottom; padding-top: 0; }
tbody th { font-weight: 600; }
tbody th small { display: block; font-weight: 400; max-width: 24rem; }
td.figure b { display: block; font-weight: 600; }
td.figure small { display: block; white-space: nowrap; }
td.figure small.few { white-space: normal; }
.headline td.figure b { font-size: 1.5rem; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; }
.headline tbody th { font-size: 1.0625rem; }
.headline tfoot th { font-weight: 400; }
.headline tfoot td.figure b { font-size: 1rem; font-weight: 500; }
.verdict { margin: 0 0 1.5rem; }
.verdict p { font-size: clamp(1.125rem, 1rem + .6vw, 1.375rem); line-height: 1.45; max-width: 54rem; margin: 0; text-wrap: pretty; }
.verdict.second p { font-size: 1.0625rem; }
h3 > small { display: block; font-weight: 400; }
.leak { border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.1rem; margin: 0 0 1rem; }
.leak dl { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem 2.5rem; }
.leak dt { font-weight: 600; }
.leak dt small { display: block; font-weight: 400; }
.leak dd { margin: .25rem 0 0; max-width: 42rem; }
.block th { padding-top: 1.4rem; font-weight: 650; }
.block small { display: block; font-weight: 400; }
.table-one .block th { font-size: 1.0625rem; }
.headline .base th { font-weight: 400; }
.headline .base td.figure b { font-size: 1rem; font-weight: 500; }
.base th { font-weight: 400; }
thead th small { display: block; font-weight: 400; }
thead .origin b { color: var(--ink); font-weight: 600; }
thead .origin { padding-right: 1.8rem; }
.wide-cells td.figure small { display: inline; }
.wide-cells td.figure small + small::before { content: ", "; }
.compact th, .compact td { padding-top: .3rem; padding-bottom: .3rem; font-size: .875rem; }
.compact th { font-weight: 500; }
.compact .mono { font-size: .75rem; }
.times td { white-space: nowrap; }
.sequences tbody th { white-space: nowrap; }
.dense { font-size: .875rem; }
.dense small { font-size: .75rem; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem 1.5rem; margin: 0 0 1rem; }
.multiple-name { margin: 0 0 .2rem; font-size: .875rem; font-weight: 600; }
section > * + h3 { margin-top: 2rem; }
section > h2 + h3 { margin-top: 0; }
pre.command { margin: 0 0 1rem; padding: .8rem 1rem; background: var(--faint); border-radius: 6px; white-space: pre-wrap; }
.care { background: var(--care); border-left: 3px solid var(--care-line); border-radius: 0 6px 6px 0; padding: .8rem 1.1rem; margin: 0 0 1rem; }
.care p { margin: 0; max-width: 52rem; }
.care p + p { margin-top: .4rem; }
.chart { display: block; width: 100%; height: auto; max-width: 34rem; }
.chart text { fill: var(--soft); font-size: 12px; }
.chart .name { fill: var(--ink); }
.chart .grid { stroke: var(--line); }
.chart .axis { stroke: var(--soft); }
.chart .chance { stroke: var(--soft); stroke-dasharray: 2 4; }
.chart .curve { fill: none; stroke: var(--own); stroke-width: 2.25; stroke-linejoin: round; }
.chart .thin .curve { stroke-width: 1.1; }
.chart .thin .point { stroke-width: 1.5; }
.chart .trace { fill: none; stroke: var(--own); stroke-width: 1; stroke-linejoin: round; opacity: .75; }
.chart .mean { fill: none; stroke: var(--own); stroke-width: 3.5; stroke-linejoin: round; stroke-linecap: round; }
.chart .level { stroke: var(--own); stroke-width: 2; }
.chart .level-name { fill: var(--own); font-weight: 600; paint-order: stroke; stroke: var(--sheet); stroke-width: 4px; stroke-linejoin: round; }
.chart .baseline .level, .baseline .level { stroke-dasharray: 2 4; stroke-width: 1.5; }
.baseline { --own: var(--soft); }
.chart .point { fill: var(--sheet); stroke: var(--own); stroke-width: 2.25; }
.chart .good { fill: var(--good); }
.chart .defective { fill: var(--defective); }
.chart .threshold { stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 5 3; }
.key { font-size: .875rem; margin: .25rem 0 0; }
.swatch { display: inline-block; width: .75rem; height: .75rem; margin: 0 .15rem 0 .6rem; vertical-align: -.05rem; }
.swatch:first-child { margin-left: 0; }
h4 { margin: 0 0 .6rem; font-size: .875rem; font-weight: 500; color: var(--soft); }
.d0 { --own: var(--d0); } .d1 { --own: var(--d1); } .d2 { --own: var(--d2); } .d3 { --own: var(--d3); } .d4 { --own: var(--d4); }
.d1 .curve, .d1.curve { stroke-dasharray: 9 3; } .d2 .curve, .d2.curve { stroke-dasharray: 3 2; }
.d3 .curve, .d3.curve { stroke-dasharray: 12 3 3 3; } .d4 .curve, .d4.curve { stroke-dasharray: 1 3; }
.legend { list-style: none; padding: 0; margin: 0 0 1.25rem; display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; }
.legend li { display: grid; grid-template-columns: 2.5rem 1fr; gap: .75rem; align-items: center; margin: 0; }
.legend svg { width: 2.5rem; height: .75rem; }
.legend small { display: block; }
.confusion td { font-size: 1.25rem; font-weight: 600; }
.confusion td small { display: block; font-weight: 400; }
.confusion th, .confusion td { padding: .6rem .8rem; border: 1px solid var(--line); }
.confusion .right { background: var(--faint); }
.confusion thead td { border: 0; }
.confusion th:last-child, .confusion td:last-child { padding-right: .8rem; }
dl.figures { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem 1.5rem; margin: 1.5rem 0 0; }
dl.figures dt { color: var(--soft); font-size: .875rem; }
dl.figures dd { margin: 0; font-weight: 600; }
dl.figures dd small { display: block; font-weight: 400; }
.example-groups { margin-top: 2rem; }
.example-groups > :last-child { margin-bottom: 0; }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18.5rem), 1fr)); gap: 1.5rem; margin: 0 0 1.75rem; }
figure { margin: 0; min-width: 0; }
figure .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 3px; background: var(--faint); border-radius: 6px; overflow: hidden; }
figure img { display: block; width: 100%; height: 12rem; object-fit: contain; }
figcaption { margin-top: .55rem; font-size: .875rem; line-height: 1.45; }
figcaption .file { display: block; overflow-wrap: anywhere; }
.decision { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 .4em; font-weight: 600; font-size: .8125rem; }
.decision.NG { color: var(--defective); }
.decision.OK { color: var(--soft); }
.mono { font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: .875rem; padding: .5rem 0; }
@media (min-width: 40.01rem) {
  .table-one { table-layout: fixed; }
  .table-one thead th:first-child[rowspan] { width: 24%; }
}
@media (max-width: 40rem) {
  main { padding: 2rem .9rem; }
  section { padding: 1.2rem 1.1rem; }
  th, td { padding-right: .7rem; }
  .headline { display: flex; flex-direction: column; }
  .headline :is(thead, tbody, tfoot, caption) { display: block; }
  .headline caption { order: 1; }
  .headline tr { display: grid; grid-template-columns: repeat(3, 1fr); border-bottom: 1px solid var(--line); padding: .6rem 0; }
  .headline :is(th, td) { border: 0; padding: .1rem .5rem .1rem 0; }
  .headline :is(tbody, tfoot) th, .headline .absent td { grid-column: 1 / -1; }
  .headline thead th:first-child, .table-one thead { display: none; }
  .headline.table-one tr { grid-template-columns: 1fr 1fr; }
  .headline.table-one .void { display: none; }
  .headline [data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-size: .8125rem; }
  .headline td.figure b { font-size: 1.2rem; }
  figure img { height: 9.5rem; }
  .times td.figure small { white-space: normal; }
  .wide-cells td.figure small { display: block; white-space: normal; }
  .wide-cells td.figure small + small::before { content: ""; }
  .scroll caption { max-width: calc(100vw - 4.2rem); }
  .chart:is(.training, .roc, .precision-recall) text { font-size: 17px; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #ffffff; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 1rem 0; margin: 0; }
  .scroll { overflow: visible; }
  figure, tr, .chart, .care, .leak, .verdict, .confusion, .multiples > div, .columns > div, li { break-inside: avoid; }
  .table-1-section, .figure-1-section, .time-section, .contrast-section { break-inside: avoid; }
  h2, h3, h4, .legend, .block, .multiple-name { break-after: avoid; }
  .table-one td.figure small { white-space: normal; }
  .chart:is(.training, .roc, .precision-recall) text { font-size: 16px; }
  .examples { grid-template-columns: repeat(3, 1fr); gap: 1rem; }
  .multiples { grid-template-columns: repeat(3, 1fr); gap: .5rem 1rem; }
  .care, .confusion .right { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  figure img { height: 7rem; }
}
`;
