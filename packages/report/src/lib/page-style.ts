/** The look of a report: one column on a phone, two or three of curves on a wide screen. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --text: #1b1f24; --quiet: #5d6673; --edge: #dfe3e8;
  --good: #1a7f4b; --bad: #b4540a; --worse: #c0272d;
  --c0: #2563c9; --c1: #d9601a; --c2: #1d8a5b; --c3: #8a4fd0; --c4: #b3801a; --c5: #c2387e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111418; --card: #1a1e24; --text: #e4e8ed; --quiet: #98a2b0; --edge: #2c323b;
    --good: #4cc38a; --bad: #f0a050; --worse: #ff7b7b;
    --c0: #6ea8ff; --c1: #ff9b57; --c2: #4cc79a; --c3: #bd93f9; --c4: #e0b64d; --c5: #f27db5;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; padding: 1.25rem 1rem 3rem; max-width: 76rem;
  background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .6rem; font-size: 1.05rem; }
p { margin: .35rem 0; }
small, .quiet { color: var(--quiet); font-size: .85rem; }
header > p { color: var(--quiet); }
.state {
  display: inline-block; padding: 0 .6rem; margin-right: .3rem; border-radius: 1rem;
  border: 1px solid currentColor; font-weight: 600; font-size: .85rem; color: var(--quiet);
}
.state.steps, .state.done { color: var(--good); }
.state.running { color: var(--c0); }
.state.interrupted, .state.unfinished, .error { color: var(--bad); }
.state.failed { color: var(--worse); }
.error { overflow-wrap: anywhere; }
progress { width: 100%; height: .4rem; accent-color: var(--c0); }
#figures dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0 0; }
#figures div, .chart, #samples, table, .good, .verdicts li {
  background: var(--card); border: 1px solid var(--edge); border-radius: .6rem;
}
#figures div { padding: .55rem .8rem; min-width: 0; }
dt { color: var(--quiet); font-size: .8rem; }
dd { margin: 0; font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
dd small { font-weight: 400; white-space: nowrap; }
.good, .verdicts li { padding: .6rem .9rem; border-left: .3rem solid var(--good); }
.verdicts { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.verdicts li { border-left-color: var(--bad); overflow-wrap: anywhere; }
.verdicts b { display: inline-block; color: var(--bad); }
.verdicts b::first-letter { text-transform: uppercase; }
figure { margin: 0; }
#samples { padding: .8rem; text-align: center; }
#samples img { display: block; margin: 0 auto; max-width: 100%; max-height: 80vh; height: auto; border-radius: .2rem; }
#samples figcaption { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: .4rem .8rem; margin-top: .7rem; }
#samples input { flex: 1 1 6rem; min-width: 0; max-width: 34rem; min-height: 2rem; accent-color: var(--c0); }
#samples output { min-width: 5.5rem; text-align: left; font-variant-numeric: tabular-nums; }
button {
  font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--edge);
  border-radius: .4rem; padding: .25rem .9rem; min-width: 4.5rem; cursor: pointer;
}
:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
#charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: .8rem; }
.chart { padding: .7rem .9rem .5rem; min-width: 0; }
.chart .at { float: right; color: var(--quiet); font-size: .85rem; font-variant-numeric: tabular-nums; }
.chart ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem; margin: .1rem 0 .5rem; padding: 0; list-style: none; font-size: .85rem; }
.chart li::before { content: ""; display: inline-block; width: .9rem; height: .2rem; margin-right: .4rem; border-radius: 1px; vertical-align: middle; background: var(--c); }
.chart output { font-weight: 600; font-variant-numeric: tabular-nums; }
.plot { position: relative; height: 11.5rem; margin: 0 .3rem 1.3rem 2.7rem; touch-action: pan-y; }
.plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; }
.plot path { vector-effect: non-scaling-stroke; fill: none; }
.plot .grid { stroke: var(--edge); stroke-width: 1; }
.plot .mark { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; }
.plot .line { stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.plot .band { stroke: var(--c); stroke-width: 1; fill: var(--c); opacity: .25; stroke-linejoin: round; }
.plot span { position: absolute; color: var(--quiet); font-size: .72rem; line-height: 1; white-space: nowrap; pointer-events: none; font-variant-numeric: tabular-nums; }
.plot .y { right: calc(100% + .45rem); transform: translateY(-50%); }
.plot .x { top: calc(100% + .45rem); transform: translateX(-50%); }
.plot .stage { top: 2px; margin-left: 4px; }
.plot .cursor { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--text); opacity: .5; pointer-events: none; }
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); }
.c3 { --c: var(--c3); } .c4 { --c: var(--c4); } .c5 { --c: var(--c5); }
#settings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: .8rem; align-items: start; }
table { width: 100%; border-spacing: 0; padding: .3rem .9rem .6rem; font-size: .88rem; }
caption { text-align: left; font-weight: 600; padding: .5rem 0 .3rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem 0; border-top: 1px solid var(--edge); overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; }
th { font-weight: 400; color: var(--quiet); padding-right: 1rem; }
td { font-variant-numeric: tabular-nums; }
footer { margin-top: 2rem; }
@media (max-width: 40rem) { body { padding: 1rem .75rem 2rem; } .plot { height: 10rem; } }
@media print { .chart, #samples, table { break-inside: avoid; } button, input { display: none; } }
`;
