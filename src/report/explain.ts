import type { ClaimDocument, ResultDocument } from './document.js';
import { type ProofNode, proofTree, trustOf } from './proof-tree.js';
import { painter } from './style.js';
import { oneLine } from './visible.js';
import { wrapped } from './wrap.js';

/** The proofs of a result's claims for people: statement, chain of facts from the conclusion down, and what is trusted. */
export function explainText(
  result: ResultDocument,
  claims: readonly ClaimDocument[],
  stream: NodeJS.WriteStream,
  columns = DEFAULT_COLUMNS,
): string {
  const paint = painter(stream);
  const lines = claims.flatMap((claim) => [
    ...wrapped(`${paint('bold', claim.id)}: ${oneLine(claim.statement)}`, columns, '  '),
    `  ${claim.verdict.toUpperCase()}${claim.checked === true ? ' (checked)' : ''}${claim.enclosure ? `, ${rangeText(claim.enclosure)}` : ''}`,
    ...(claim.kind === 'execution' ? ['  measured, not proved'] : []),
    ...proofTree(claim).flatMap((node) => treeLines(node, '  ', columns, paint)),
    '',
    ...(claim.kind === 'execution' ? [] : trustOf(claim, result.theorem)).flatMap((text) =>
      wrapped(`  - ${text}`, columns, '    '),
    ),
    '',
  ]);
  return `${lines.join('\n')}\ns ${result.verdict.toUpperCase()}\n`;
}

const DEFAULT_COLUMNS = 100;

function treeLines(node: ProofNode, indent: string, columns: number, paint: ReturnType<typeof painter>): string[] {
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
    ...premises.flatMap((premise) => treeLines(premise, inner, columns, paint)),
  ];
}

function lemmaText({ lemma, book }: ProofNode['step']): string {
  if (!book) return `lemma: ${lemma}`;
  return `lemma ${book.name} (${book.coq ? `Coq: ${book.coq}` : 'without a proof in Coq'}): ${lemma}`;
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
