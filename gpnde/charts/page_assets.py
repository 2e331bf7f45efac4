"""How pages look, on a screen and on paper, and the scripts that they run."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #222; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p.sub { color: #595959; margin: 0 0 .25rem; }
ul.numbers { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
  gap: .75rem; padding: 0; }
ul.numbers li { border: 1px solid #ddd; border-radius: .4rem; padding: .7rem .9rem; }
ul.numbers b { display: block; font-size: 1.45rem; font-weight: 600; color: #0072B2; }
section.summary ul { margin: .25rem 0; padding-left: 1.3rem; }
section.summary ul.numbers { padding: 0; margin: .75rem 0; }
details.part { border-top: 1px solid #ddd; margin-top: 1.5rem; }
details.part > summary { cursor: pointer; padding: .6rem 0; }
details.part > summary h2 { display: inline; margin: 0; }
div.wide { overflow-x: auto; }
figure { margin: 1.75rem 0; overflow-x: auto; }
figcaption { color: #595959; font-size: .9rem; margin-top: .4rem; max-width: 46rem; }
figcaption b { color: #222; }
table { border-collapse: collapse; margin: .5rem 0 1rem; overflow-wrap: break-word; }
caption { text-align: left; color: #595959; font-size: .9rem; padding-bottom: .3rem; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e3e3e3; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
  text-align: inherit; text-decoration: underline dotted; }
th[aria-sort="ascending"] button::after { content: " \\2191"; }
th[aria-sort="descending"] button::after { content: " \\2193"; }
code { font-size: .95em; }
@page { size: A4; margin: 14mm 13mm; }
@media print {
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 17pt; }
  h2, h3, summary, caption { break-after: avoid; }
  section.summary { break-after: page; font-size: 9pt; line-height: 1.35; }
  section.summary h3 { font-size: 10.5pt; margin-top: 3mm; }
  section.summary p { margin: 1mm 0; }
  section.summary ul.numbers { grid-template-columns: repeat(5, 1fr); gap: 1.5mm; margin: 1mm 0 2mm; }
  ul.numbers li { padding: 1mm 1.5mm; break-inside: avoid; font-size: 8pt; line-height: 1.2; }
  ul.numbers b { font-size: 11pt; }
  details.part::details-content { content-visibility: visible; block-size: auto; }
  details.part > summary { list-style: none; }
  figure { break-inside: avoid; overflow: visible; margin: 4mm 0; }
  figure svg { max-width: 100%; max-height: 225mm; height: auto; }
  .vega-embed { padding-right: 0 !important; max-width: 100%; }
  .vega-embed > details, .vega-actions { display: none !important; }
  div.wide { overflow: visible; }
  table { font-size: 8pt; width: 100%; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th, td { padding: .5mm 2mm .5mm 0; }
  th button { text-decoration: none; }
  td.n { white-space: normal; }
}
"""

EMBED = """
const { vegaEmbed } = gpndeVega["VERSION"];
const specs = JSON.parse(document.getElementById("specs").textContent);
const actions = { export: true, source: false, compiled: false, editor: false };
for (const [id, spec] of Object.entries(specs)) {
  const place = document.getElementById(id);
  vegaEmbed(place, spec, { actions, renderer: "svg", ast: true }).catch((error) => {
    place.textContent = `cannot be drawn: ${error.message}`;
  });
}
"""
"""Draws the charts. Expressions are interpreted (ast): the page may not make functions out of text."""

TABLES = r"""
const sizes = { M: 1e6, bn: 1e9 };
function figureOf(text) {
  const found = text.replace(/,/g, "").match(/^\D{0,6}?([+-]?\d*\.?\d+(?:e[+-]?\d+)?)\s*(M|bn)?/);
  return found ? Number(found[1]) * (sizes[found[2]] ?? 1) : null;
}
function before(one, other) {
  const [a, b] = [figureOf(one), figureOf(other)];
  if (a !== null && b !== null) return a - b;
  return (a === null) - (b === null) || one.localeCompare(other);
}
function sort(head, place) {
  const down = head.getAttribute("aria-sort") === "ascending";
  const body = head.closest("table").tBodies[0];
  const text = (row) => row.cells[place].textContent;
  const compare = head.classList.contains("n") ? before : (one, other) => one.localeCompare(other);
  const rows = [...body.rows].sort((one, other) => compare(text(one), text(other)) * (down ? -1 : 1));
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.replaceChildren(...rows);
}
for (const table of document.querySelectorAll("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head, place));
  });
}
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.part")) part.open = true;
});
"""
"""Sorts a table by the column whose heading is pressed, figures by size, and opens what is folded for printing."""
