import type { ClaimDocument, ResultDocument } from './document.js';
import { plainTex } from './plain-tex.js';
import { type ProofNode, proofTree, trustOf } from './proof-tree.js';
import type { Painter } from './style.js';
import { oneLine } from './visible.js';
import { wrapped } from './wrap.js';

/** The proofs of a result's claims for people: statement, chain of facts from the conclusion down, and what is trusted. */
export function explainText(
  result: ResultDocument,
  claims: readonly ClaimDocument[],
  paint: Painter,
  columns = DEFAULT_COLUMNS,
): string {
  const trusted = claims.map((claim) => (claim.kind === 'execution' ? [] : trustOf(claim, result.theorem)));
  const proved = trusted.filter((texts) => texts.length > 0);
  const common = proved.length < 2 ? [] : proved[0].filter((text) => proved.every((texts) => texts.includes(text)));
  const listed = (texts: readonly string[]) => texts.flatMap((text) => wrapped(`  - ${text}`, columns, '    '));
  const lines = claims.flatMap((claim, k) => [
    ...wrapped(`${paint('bold', claim.id)}: ${oneLine(claim.statement)}`, columns, '  '),
    `  ${claim.verdict.toUpperCase()}${claim.checked === true ? ' (checked)' : ''}${claim.enclosure ? `, ${rangeText(claim.enclosure)}` : ''}`,
    ...(claim.kind === 'execution' ? ['  measured, not proved'] : []),
    ...proofTree(claim).flatMap((node) => treeLines(node, '  ', columns, paint)),
    '',
    ...listed(trusted[k].filter((text) => !common.includes(text))),
    ...(trusted[k].every((text) => common.includes(text)) ? [] : ['']),
  ]);
  if (common.length > 0) lines.push('of each claim:', ...listed(common), '');
  return `${lines.join('\n')}\ns ${result.verdict.toUpperCase()}\n`;
}

const DEFAULT_COLUMNS = 100;

function treeLines(node: ProofNode, indent: string, columns: number, paint: Painter): string[] {
  const { step, premises, share, tightness, isRepeated } = node;
  const inner = `${indent}   `;
  const numbers = [
    step.enclosure && rangeText(step.enclosure),
    share !== null && `${percent(share)} of the bound above`,
    tightness !== null && tightness < 1 && step.enclosure?.[0] !== '0' && `attained: ${percent(tightness)} of it`,
    isRepeated && 'as above',
  ].filter(Boolean);
  return [
    `${indent}${paint('cyan', step.rule)} (${step.id})${step.verdict === 'proved' ? '' : `: ${step.verdict}`}`,
    ...wrapped(`${inner}${oneLine(step.statement)}`, columns, inner),
    ...(step.difference === undefined ? [] : wrapped(`${inner}${oneLine(step.difference)}`, columns, inner)),
    ...(numbers.length > 0 ? [`${inner}${numbers.join(', ')}`] : []),
    ...(step.lemma === undefined || isRepeated ? [] : wrapped(`${inner}${lemmaText(step)}`, columns, inner)),
    ...alike(premises).flatMap(([first, ...others]) => [
      ...treeLines(first, inner, columns, paint),
      ...(others.length > 0 ? wrapped(`${inner}likewise ${idsOf(others)}`, columns, inner) : []),
    ]),
  ];
}

/** Premises that say the same of one thing after the other: by one rule, from the same facts, to the same bounds. */
function alike(premises: readonly ProofNode[]): ProofNode[][] {
  const key = ({ step: { rule, lemma, enclosure, premises: from, verdict, difference } }: ProofNode) =>
    from.length === 0 ? null : JSON.stringify([rule, lemma, enclosure, from, verdict, difference]);
  const groups: ProofNode[][] = [];
  for (const premise of premises) {
    const last = groups.at(-1);
    if (last && key(premise) !== null && key(last[0]) === key(premise)) last.push(premise);
    else groups.push([premise]);
  }
  return groups;
}

function idsOf(nodes: readonly ProofNode[]): string {
  const ids = nodes.map(({ step }) => step.id);
  return ids.length <= 4 ? ids.join(', ') : `${ids.slice(0, 2).join(', ')}, ..., ${ids.at(-1)}: ${ids.length} more`;
}

function lemmaText({ lemma, book }: ProofNode['step']): string {
  const formula = plainTex(lemma!);
  if (!book) return `lemma: ${formula}`;
  return `lemma ${book.name} (docs/lemmas.md; ${book.coq ? `Coq: ${book.coq}` : 'without a proof in Coq'}): ${formula}`;
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(3)} %`;
}

function rangeText([lo, hi]: NonNullable<ClaimDocument['enclosure']>): string {
  if (lo === hi && lo !== null) return `= ${lo}`;
  if (lo === null) return `at most ${hi}`;
  return hi === null ? `at least ${lo}` : `in [${lo}, ${hi}]`;
}

/** The same as a document: of each claim its statement, its steps as trees, and what is trusted. */
export function explainJson(result: ResultDocument, claims: readonly ClaimDocument[]): object {
  return {
    theorem: result.theorem,
    verdict: result.verdict,
    claims: claims.map((claim) => ({
      id: claim.id,
      statement: claim.statement,
      verdict: claim.verdict,
      enclosure: claim.enclosure,
      checked: claim.checked ?? 'not asked',
      proof: proofTree(claim).map(nodeJson),
      trusted: trustOf(claim, result.theorem),
    })),
  };
}

function nodeJson({ step, premises, share, tightness, isRepeated }: ProofNode): object {
  const { premises: _, ...shown } = step;
  return { ...shown, share, tightness, ...(isRepeated && { isRepeated }), premises: premises.map(nodeJson) };
}
