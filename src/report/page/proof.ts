import type { ClaimDocument } from '../document.js';
import { type ProofNode, proofTree } from '../proof-tree.js';
import { ends } from './ends.js';
import { formula } from './formula.js';
import { badge, type Content, type Markup, markup } from './markup.js';

/** The chain of facts below a claim, each with its rule, its lemma and its numbers; what it rests on folds out. */
export function proofMarkup(claim: ClaimDocument): Markup {
  return markup`<div class="proof">${proofTree(claim).map((node) => nodeMarkup(node, true))}</div>`;
}

function nodeMarkup({ step, premises, share, tightness, isRepeated }: ProofNode, isOpen: boolean): Markup {
  const { id, rule, statement, verdict, enclosure, difference, lemma } = step;
  const numbers: Content[] = [
    enclosure && markup`<span class="numbers">${ends(enclosure)}</span>`,
    share !== null && ` ${percent(share)} of the bound above.`,
    tightness !== null && tightness > 0 && tightness < 1 && ` Attained: ${percent(tightness)} of it.`,
    isRepeated && ' As above.',
  ];
  const open = isOpen ? ' open' : '';
  const summary = markup`<summary><strong>${rule}</strong> ${id} ${verdict === 'proved' ? null : badge(verdict)}</summary>`;
  const body = markup`${summary}<div class="fact"><p>${statement}</p>${difference && markup`<p class="bad">${difference}</p>`}
<p class="soft">${numbers}</p>${lemma && !isRepeated ? markup`<div class="lemma" tabindex="0" role="group" aria-label="Lemma of ${rule}">${formula(lemma)}</div>` : null}
${premises.map((premise) => nodeMarkup(premise, false))}</div></details>`;
  return open ? markup`<details open>${body}` : markup`<details>${body}`;
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(3)} %`;
}
