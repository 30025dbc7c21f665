import { inspect } from 'node:util';
import { withDecimals } from '../decimals.js';
import { type ClaimDocument, formulaOf } from '../document.js';
import { trustOf } from '../proof-tree.js';
import { ends } from './ends.js';
import { formula } from './formula.js';
import { badge, fold, type Markup, markup } from './markup.js';
import { proofMarkup } from './proof.js';

/** As much of a witness as a page can hold. */
const SHOWN_WITNESS = { depth: 6, maxArrayLength: 1000, maxStringLength: 10_000, breakLength: 90 };

/** A claim: what it says, what is known, and why. */
export function claimSection(claim: ClaimDocument, theorem: string | null): Markup {
  const { id, kind, statement, verdict, predicted, enclosure, witness, steps, method, source, facts, seconds } = claim;
  const tex = formulaOf(claim);
  // A statement of one's own has no source.
  const origin = theorem !== null && `source: ${source}`;
  const about = [kind, origin, method !== 'none' && method, `${seconds.toFixed(2)} s`].filter(Boolean).join('; ');
  const checked = claim.checked === true && markup`, <span class="checked">checked</span>`;
  return markup`<article id="${id}"><h3><a href="#${id}">${id}</a>: ${badge(verdict)}${checked}</h3>
<p>${statement}</p>
${tex && markup`<div class="formula" tabindex="0" role="group" aria-label="Formula of ${id}">${formula(tex)}</div>`}
<p>${enclosure && markup`Enclosure: <span class="numbers">${ends(enclosure)}</span>. `}${predicted !== null && markup`Predicted: <span class="numbers">${predicted}</span>.`}</p>
${facts.length > 0 && markup`<ul>${facts.map((fact) => markup`<li>${fact}</li>`)}</ul>`}
<p class="soft">${about}</p>
${steps.length > 0 && fold(`Proof, ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`, proofMarkup(claim))}
${witness && fold('Witness', markup`<pre tabindex="0">${inspect(withDecimals(witness), SHOWN_WITNESS)}</pre>`)}
${kind !== 'execution' && fold('What is taken on trust', markup`<ul>${trustOf(claim, theorem).map((text) => markup`<li>${text}</li>`)}</ul>`)}</article>`;
}
