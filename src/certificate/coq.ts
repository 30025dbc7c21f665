import { readFileSync } from 'node:fs';
import type { ClaimResult, Result } from '../audit/verify.js';
import { sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import type { Step } from '../proof/step.js';
import { PACKAGE } from '../root.js';
import { tool } from '../version.js';
import { FORMAL } from './coq-rules.js';
import type { Evidence } from './coq-step.js';

/**
 * The scalar steps of the proved claims as a file for coqc with coq-interval: one lemma per statement about numbers, the
 * other steps as comments with the reason. General lemmas are carried along, so that the file needs no other.
 */
export function* coqFile(result: Result): Generator<string> {
  const { name, version } = tool();
  yield comment(
    `Scalar steps of the proof of ${result.theorem.id} by ${name} ${version}, on the network with SHA-256\n` +
      `${sha256(result.network)}. What connects them with the network is in the certificate.\n` +
      'Compile with: coqc FILE.v (Coq 8.16 or later, with coq-interval).',
  );
  const claims = result.claims.map((found) => ({ found, ...formalClaim(found, result.network) }));
  yield 'From Coq Require Import Reals Lra Lia List Permutation.\nFrom Interval Require Import Tactic.\n';
  for (const file of withNeeds(claims.flatMap(({ uses }) => uses)))
    yield `\nModule ${file}.\n${generalLemma(file)}\nEnd ${file}.\n`;
  yield '\nOpen Scope R_scope.\n';
  for (const { found, lines } of claims) {
    const reason = found.verdict === 'proved' ? '' : ` (${found.verdict})`;
    yield `\n${comment(`Claim ${found.id}${reason}: ${found.statement ?? found.claim.statement}`)}`;
    if (lines.length > 0) yield `Module ${identifier(found.id)}.\n${lines.join('')}End ${identifier(found.id)}.\n`;
  }
}

function formalClaim({ verdict, steps }: ClaimResult, network: Network): { lines: string[]; uses: readonly string[] } {
  const known = new Map<string, Evidence>();
  const lines: string[] = [];
  const uses: string[] = [];
  for (const step of verdict === 'proved' ? steps : []) {
    const data = step.data?.(network);
    if (!data) continue;
    const premises = (step.premises ?? []).flatMap((id) => known.get(id) ?? []);
    const evidence = { network, data, enclosure: step.enclosure, premises };
    known.set(step.id, evidence);
    const formal = FORMAL[step.rule]?.(evidence) ?? 'a step without a form in Coq';
    lines.push(
      comment(
        `Step ${step.id} (${step.rule}): ${step.statement}${typeof formal === 'string' ? `\nNot scalar: ${formal}.` : ''}`,
      ),
    );
    if (typeof formal === 'string') continue;
    uses.push(...formal.uses);
    for (const { name, statement, proof } of formal.lemmas) {
      lines.push(`Lemma ${identifier(`${step.id}_${name}`)} :\n  ${statement}.\nProof. ${named(proof, step)}. Qed.\n`);
    }
  }
  return { lines, uses };
}

/** Proofs name lemmas of their own step by `@name`. */
function named(proof: string, { id }: Step): string {
  return proof.replaceAll(/@(\w+)/g, (_, name) => identifier(`${id}_${name}`));
}

function identifier(text: string): string {
  const word = text.replaceAll(/[^A-Za-z0-9]+/g, '_');
  return /^[A-Za-z]/.test(word) ? word : `s_${word}`;
}

/** Text in which nothing opens or closes a comment or a string. */
function comment(text: string): string {
  return `(* ${text.replaceAll(/[*"]/g, (sign) => (sign === '*' ? '.' : "'"))} *)\n`;
}

/** General files with those that they need before them, each once. */
function withNeeds(files: readonly string[]): ReadonlySet<string> {
  const needed = new Set<string>();
  const visit = (file: string): void => {
    for (const [, names] of read(file).matchAll(NEEDS)) names.split(' ').forEach(visit);
    needed.add(file);
  };
  files.forEach(visit);
  return needed;
}

/** A line by which a file of proofs-check/coq requires others of that folder. */
const NEEDS = /^From Exhibit Require Import (.*)\.$/gm;

/** A file of proofs-check/coq as the body of a module: without what it requires of the library and prints itself. */
function generalLemma(name: string): string {
  const lines = read(name)
    .replaceAll(NEEDS, 'Import $1.')
    .replaceAll(/^Definition theorems := [^.]*\.$/gm, '')
    .split('\n');
  return lines
    .filter((line) => !/^(From|Require|Print Assumptions)\b/.test(line))
    .join('\n')
    .trim();
}

function read(name: string): string {
  return readFileSync(new URL(`proofs-check/coq/${name}.v`, PACKAGE), 'utf8');
}
