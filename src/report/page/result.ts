import type { Direction } from '../../numbers/convert.js';
import type { ClaimDocument, ResultDocument } from '../document.js';
import { rangePlot } from '../plot.js';
import { shortNumber } from '../short-number.js';
import { claimSection } from './claim.js';
import { ends } from './ends.js';
import { graphFigure } from './graph.js';
import { heatMap, scaleOf } from './heat-map.js';
import { badge, type Content, drawing, fold, Markup, markup, table } from './markup.js';
import { errorPictures, insidePictures } from './pictures.js';

/** A result of `verify` or `prove`: what was asked, what holds, how that is known, and for which network. */
export async function resultBody(result: ResultDocument): Promise<Markup> {
  const { theorem, verdict, claims, figures, hypotheses, notes } = result;
  const executions = claims.filter(({ kind }) => kind === 'execution');
  const main = mainClaim(claims);
  const drawn = figures && claims.find(({ id }) => id === figures.claim);
  return markup`<h1>${theorem ?? 'Statement'}: ${badge(verdict)}</h1>
${bigNumbers(result, main)}
${warnings(hypotheses, notes)}
<h2 id="statement">What is claimed</h2>
${result.statementOfTheorem && markup`<p>${result.statementOfTheorem}</p>`}
${main && markup`<p><strong>Here:</strong> ${main.statement}</p>`}
${result.origin && markup`<p class="soft">${result.origin.paper}, ${result.origin.theorem}; marked '${result.origin.trust}'.</p>`}
${parametersTable(result)}
${result.definitions !== undefined && fold('Definitions of the names in claims', markup`<pre tabindex="0">${result.definitions}</pre>`)}
${figures && (await errorPictures(figures, drawn))}
<h2 id="claims">Claims</h2>
${await ranges(claims)}
${claims.filter((claim) => !executions.includes(claim)).map((claim) => claimSection(claim, theorem))}
${executions.length > 0 && executionTable(executions)}
${figures && (await insidePictures(figures))}
${networkSection(result)}
${
  hypotheses.length > 0 &&
  markup`<h2 id="hypotheses">Hypotheses of the source that the bounds do not need</h2>
${table(
  ['verdict', 'hypothesis'],
  hypotheses.map(({ statement, verdict: found }) => [badge(found), statement]),
)}`
}
<h2 id="repeat">Again, by hand</h2>
${repeat(result)}
${circumstances(result)}`;
}

/** The claim `error`, or the first with a bound. */
export function mainClaim(claims: readonly ClaimDocument[]): ClaimDocument | undefined {
  return (
    claims.find(({ id }) => id === 'error') ??
    claims.find(({ kind, enclosure }) => kind === 'bound' && enclosure) ??
    claims.find(({ kind }) => kind !== 'execution')
  );
}

/** Proved, attained, their ratio, parameters. Both ends are rounded outward, and are whole in the title. */
function bigNumbers({ network }: ResultDocument, main: ClaimDocument | undefined): Markup {
  const [lo, hi] = main?.enclosure ?? [null, null];
  const [attained, proved] = [lo, hi].map((end) => (end === null ? null : Number(end)));
  const ratio = attained !== null && proved !== null && attained > 0 ? proved / attained : null;
  const cells: readonly (readonly [string, Content, string | null])[] = [
    ['proved', bigNumber(hi, 'up'), hi],
    ['attained', bigNumber(lo, 'down'), lo],
    ['proved / attained', ratio === null ? '–' : ratio.toPrecision(4), null],
    ['parameters', `${network.parameters}`, null],
  ];
  return markup`<dl class="big">${cells.map(
    ([name, shown, exact]) =>
      markup`<div><dt>${name}</dt><dd${exact === null ? null : new Markup(` title="${attribute(exact)}"`)}>${shown}</dd></div>`,
  )}</dl>`;
}

function attribute(text: string): string {
  return markup`${text}`.html;
}

/** Numbers of so many characters are shown whole, others in so many digits. */
const [WHOLE, BIG_DIGITS] = [10, 5];

function bigNumber(exact: string | null, direction: Direction): Content {
  if (exact === null) return '–';
  if (exact.length <= WHOLE) return exact;
  const short = shortNumber(exact, BIG_DIGITS, direction);
  if (!short) return exact.slice(0, 2 * BIG_DIGITS);
  return short.exponent === 0 ? short.mantissa : markup`${short.mantissa}·10<sup>${short.exponent}</sup>`;
}

function warnings(hypotheses: ResultDocument['hypotheses'], notes: readonly string[]): Content {
  const failed = hypotheses.filter(({ verdict }) => verdict !== 'holds');
  if (failed.length + notes.length === 0) return null;
  return markup`<ul class="warnings">${failed.map(({ statement, verdict }) => markup`<li>A hypothesis of the source ${verdict === 'fails' ? 'fails' : 'is not decided'}: ${statement}</li>`)}${notes.map((note) => markup`<li>${note}</li>`)}</ul>`;
}

function parametersTable(result: ResultDocument): Content {
  const rows = Object.entries(result.params).map(([name, value]) => [name, markup`<code>${shown(value)}</code>`]);
  return rows.length > 0 && table(['parameter', 'value'], rows);
}

async function ranges(claims: readonly ClaimDocument[]): Promise<Content> {
  const plot = await rangePlot(
    claims
      .filter(({ kind }) => kind === 'bound' || kind === 'execution')
      .map(({ id, enclosure, predicted }) => {
        const [lo, hi, announced] = [enclosure?.[0], enclosure?.[1], predicted].map(toNumber);
        return { label: id, lo, hi, predicted: announced };
      }),
  );
  return (
    plot &&
    markup`<figure>${drawing(plot, 'Bounds of the claims on one logarithmic axis')}<figcaption class="soft">Bounds from below and above; a tick is what the theorem announces.</figcaption></figure>`
  );
}

/** What was measured, by provider and format. */
function executionTable(executions: readonly ClaimDocument[]): Markup {
  return markup`<h2 id="executions">Executions</h2>
${table(
  ['provider and format', 'verdict', 'measured, bound', 'remarks'],
  executions.map(({ id, verdict, enclosure, facts }) => [
    id.replace(/^execution\./, ''),
    badge(verdict),
    enclosure && ends(enclosure),
    facts.length > 0 && markup`<ul>${facts.map((fact) => markup`<li>${fact}</li>`)}</ul>`,
  ]),
  'numbers',
)}`;
}

function networkSection({ network, figures }: ResultDocument): Markup {
  const graph = figures && graphFigure(figures.graph);
  return markup`<h2 id="network">Network</h2>
<p>${network.parameters} parameters, ${network.nonzero} nonzero, largest |weight| ${network.maxAbsWeight}. SHA-256 of the canonical form:
<code>${network.sha256}</code></p>
${graph}
${
  figures &&
  figures.weights.length > 0 &&
  fold(
    'Weights as pictures',
    markup`<div class="gallery">${figures.weights.map((cells) =>
      heatMap(cells, `${cells.name}, ${cells.shape[0]} by ${cells.shape[1]}; ${scaleOf(cells)}`),
    )}</div>`,
  )
}
${fold(
  `${network.layers.length} tensors of weights`,
  table(
    ['name', 'shape', 'parameters', 'largest |weight|'],
    network.layers.map(({ name, shape, parameters, maxAbsWeight }) => [name, shape, parameters, maxAbsWeight]),
    'numbers',
  ),
)}`;
}

function circumstances({ tool, seed, seconds, checkSeconds, network, digits, node, platform }: ResultDocument): Markup {
  const parts = [
    `${tool.name} ${tool.version}`,
    `network ${network.sha256.slice(0, 16)}`,
    `seed ${seed}`,
    digits !== undefined && `${digits} digits`,
    node !== undefined && program(node),
    platform?.trim(),
    `${seconds.toFixed(2)} s`,
    checkSeconds !== undefined && `checked in ${checkSeconds.toFixed(2)} s`,
  ];
  return markup`<p class="soft">${parts.filter(Boolean).join(', ')}</p>`;
}

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join('; ');
  return value === null ? 'as prescribed' : String(value);
}

/** Versions of Node begin with v; a browser says what it is. */
function program(version: string): string {
  return version.startsWith('v') ? `Node ${version}` : version;
}

/** What repeats the result, and the files that it depends on. */
function repeat({ call, bounds, files, node, platform }: ResultDocument): Content {
  const stated = Object.entries(bounds);
  return markup`${stated.length > 0 && table(['claim', 'bound stated for it'], stated)}
${call !== undefined && markup`<p class="soft">In the same folder${node !== undefined && ` (${program(node)}, ${platform?.trim()})`}:</p><pre tabindex="0">${call}</pre>`}
${
  files.length > 0 &&
  fold(
    files.length === 1 ? '1 file was read' : `${files.length} files were read`,
    table(
      ['file', 'SHA-256'],
      files.map(({ file, sha256 }) => [file, sha256]),
    ),
  )
}`;
}
