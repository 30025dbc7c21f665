import { inspect } from 'node:util';
import type { ClaimDocument, ResultDocument } from '../document.js';
import { rangePlot } from '../plot.js';
import { formula } from './formula.js';
import { badge, type Content, fold, Markup, markup, table } from './markup.js';

/** A result of `verify`: what was asked, what holds, how that is known, and for which network. */
export async function resultBody(result: ResultDocument): Promise<Markup> {
  const { theorem, verdict, claims, hypotheses, network, notes, tool, seed, seconds } = result;
  const plot = await rangePlot(
    claims
      .filter(({ kind }) => kind === 'bound' || kind === 'execution')
      .map(({ id, enclosure, predicted }) => {
        const [lo, hi, announced] = [enclosure?.[0], enclosure?.[1], predicted].map(toNumber);
        return { label: id, lo, hi, predicted: announced };
      }),
  );
  const parameters = Object.entries(result.params).map(([name, value]) => [name, markup`<code>${shown(value)}</code>`]);
  return markup`<h1>${theorem ?? 'Statement'}: ${badge(verdict)}</h1>
<p class="soft">${claims.length} claims, network ${network.sha256.slice(0, 16)}, ${tool.name} ${tool.version}, seed ${seed}, ${seconds.toFixed(2)} s</p>
${notes.map((note) => markup`<p>${note}</p>`)}
<h2>Instance</h2>
${parameters.length > 0 && table(['parameter', 'value'], parameters)}
${repeat(result)}
<h2>Claims</h2>
${plot && markup`<figure>${new Markup(plot)}<figcaption class="soft">Bounds from below and above; a tick is what the theorem announces.</figcaption></figure>`}
${claims.map(claimSection)}
${
  hypotheses.length > 0 &&
  markup`<h2>Hypotheses of the source that the bounds do not need</h2>
${table(
  ['', 'hypothesis'],
  hypotheses.map(({ statement, verdict }) => [badge(verdict), statement]),
)}`
}
<h2>Network</h2>
<p>${network.parameters} parameters, ${network.nonzero} nonzero, largest |weight| ${network.maxAbsWeight}. SHA-256 of the canonical form:
<code>${network.sha256}</code></p>
${fold(
  `${network.layers.length} tensors of weights`,
  table(
    ['name', 'shape', 'parameters', 'largest |weight|'],
    network.layers.map(({ name, shape, parameters, maxAbsWeight }) => [name, shape, parameters, maxAbsWeight]),
    'numbers',
  ),
)}`;
}

/** What repeats the result, and the files that it depends on. */
function repeat({ call, bounds, files, node, platform }: ResultDocument): Content {
  const stated = Object.entries(bounds).map(([id, bound]) => [id, bound]);
  return markup`${stated.length > 0 && table(['claim', 'bound stated for it'], stated)}
${call !== undefined && markup`<p class="soft">Again, in the same folder${node !== undefined && ` (Node ${node}, ${platform})`}:</p><pre>${call}</pre>`}
${
  files.length > 0 &&
  fold(
    `${files.length} files were read`,
    table(
      ['file', 'SHA-256'],
      files.map(({ file, sha256 }) => [file, sha256]),
    ),
  )
}`;
}

/** As much of a witness as a page can hold. */
const SHOWN_WITNESS = { depth: 6, maxArrayLength: 1000, maxStringLength: 10_000, breakLength: 110 };

function claimSection({ id, kind, statement, tex, verdict, predicted, enclosure, ...claim }: ClaimDocument): Markup {
  const { witness, steps, method, source, facts, seconds } = claim;
  const about = [kind, `source: ${source}`, method, `${seconds.toFixed(2)} s`].filter(Boolean).join('; ');
  return markup`<article id="${id}"><h3>${badge(verdict)} ${id}</h3>
<p>${statement}</p>
${tex && formula(tex)}
<p>${enclosure && markup`Enclosure: ${ends(enclosure)}. `}${predicted !== null && markup`Predicted: ${predicted}.`}</p>
${facts.length > 0 && markup`<ul>${facts.map((fact) => markup`<li>${fact}</li>`)}</ul>`}
<p class="soft">${about}</p>
${witness && fold('witness', markup`<pre>${inspect(witness, SHOWN_WITNESS)}</pre>`)}
${steps.length > 0 && fold(`${steps.length} steps`, stepTable(steps))}</article>`;
}

function stepTable(steps: ClaimDocument['steps']): Markup {
  return table(
    ['step', 'rule', 'statement', '', 'enclosure'],
    steps.map(({ id, rule, statement, verdict, enclosure, difference }) => [
      id,
      rule,
      difference === undefined ? statement : markup`${statement}<br>${difference}`,
      badge(verdict),
      enclosure && ends(enclosure),
    ]),
    'numbers',
  );
}

function ends([lo, hi]: NonNullable<ClaimDocument['enclosure']>): Content {
  if (lo === hi) return lo;
  if (lo === null) return `at most ${hi}`;
  return hi === null ? `at least ${lo}` : `[${lo}, ${hi}]`;
}

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? 'as prescribed' : JSON.stringify(value);
}
