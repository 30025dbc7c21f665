import { type AffineForm, Atoms, formsEqual } from '../../evaluate/affine.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { doubleIntervals } from '../../numbers/doubles.js';
import { Rational } from '../../numbers/rational.js';
import type { RationalMatrix } from '../../numbers/rational-matrix.js';
import { demand } from '../derivation.js';
import type { Rule } from '../step.js';
import { attentionOf, rowForms } from './attention.js';
import { indices, tensorNamed } from './tensors.js';

/**
 * A head that copies: query i, whatever the input, has its largest logit at one key, with a gap to all others; values are
 * codes of the tokens. The mass elsewhere is at most (keys - 1) e^{-gap}.
 */
export const copyingHead: Rule = {
  id: 'copying-head',
  tex: '\\ell_{i,\\tau(i)} - \\max_{j \\ne \\tau(i)} \\ell_{ij} \\ge \\Delta \\;\\Rightarrow\\; \\sum_{j \\ne \\tau(i)} p_{ij} \\le (n-1)e^{-\\Delta}',
};

/** What layer 1 does, read off the weights: logits are constants. */
interface CopyingHead {
  /** A lower bound of the gap between the logit at `target(i)` and all others, over all queries i. */
  readonly gap: Rational;
  /** The codes of the tokens' symbols, one row per symbol. */
  readonly codes: RationalMatrix;
}

/**
 * Reads a head with constant queries and keys over the rows of the input x, against the keys that it should choose. Throws
 * Mismatch for another head.
 */
export function readCopyingHead(
  network: Network,
  source: string,
  name: string,
  target: (query: number) => number,
): CopyingHead {
  const x = tensorNamed(network, source);
  const { query, key, value } = attentionOf(tensorNamed(network, name));
  const codes = codesOf(value, x);
  const [queries, keys] = [query, key].map((node) => constantRows(node, x, name));
  demand(sizes(value.shape)[0] === keys.length, 'there are not as many values as keys');
  const gap = leastGap(queries, keys, target);
  demand(gap, `a query of '${name}' does not prefer its key`);
  return { gap, codes };
}

/** C with row j of the node = x_j C, the same C for every row j. */
function codesOf(node: Node, x: Node): RationalMatrix {
  const atoms = new Atoms();
  const [tokens, m] = sizes(x.shape);
  const rows = rowForms(node, [x], atoms);
  demand(rows.length === tokens, `'${node.name}' has not one row per token`);
  const symbol = (j: number, s: number) => [...atoms.input(x.name, j * m + s).terms.keys()][0];
  const coefficients = (j: number) =>
    indices(m).map((s) => rows[j].map(({ terms }) => terms.get(symbol(j, s)) ?? Rational.zero));
  const codes = coefficients(0);
  for (const [j, row] of rows.entries()) {
    const own = coefficients(j);
    const isSame = row.every(
      ({ constant, terms }, k) =>
        constant.isZero() &&
        terms.size === codes.filter((code) => !code[k].isZero()).length &&
        codes.every((code, s) => code[k].equals(own[s][k])),
    );
    demand(isSame, `row ${j} of '${node.name}' is not the code of its token`);
  }
  return codes;
}

function constantRows(node: Node, x: Node, head: string): RationalMatrix {
  const rows = rowForms(node, [x], new Atoms());
  const isConstant = rows.every((row) => row.every(({ terms }) => terms.size === 0));
  demand(isConstant, `the logits of '${head}' depend on the input`);
  return rows.map((row) => row.map(({ constant }) => constant));
}

/** On doubles, rounded outward. */
function leastGap(queries: RationalMatrix, keys: RationalMatrix, target: (query: number) => number): Rational | null {
  const A = doubleIntervals;
  const [q, k] = [queries, keys].map((rows) => rows.map((row) => row.map(A.of)));
  let least: ReturnType<typeof A.of> | null = null;
  for (const [i, query] of q.entries()) {
    const own = A.outer(A.dot(query, k[target(i)])).lo;
    let others = Number.NEGATIVE_INFINITY;
    for (const [j, key] of k.entries()) if (j !== target(i)) others = Math.max(others, A.outer(A.dot(query, key)).hi);
    if (!Number.isFinite(others) || !Number.isFinite(own)) return null;
    const gap = A.sub(A.fromDoubles(own, own), A.fromDoubles(others, others));
    least = least ? A.min(least, gap) : gap;
  }
  const gap = least && A.lower(least);
  return gap && gap.sign() > 0 ? gap : null;
}

/** What layer 2 does at the last token: logits <query(symbol), u_j> + bias_j, values the tokens' codes. */
interface MatchingHead {
  /** Row s: what the query of symbol s multiplies u with. */
  readonly query: RationalMatrix;
  readonly bias: readonly Rational[];
  readonly codes: RationalMatrix;
}

/**
 * Reads a head whose query is linear in the last row of x, plus constants, and whose keys are the rows of `copied`,
 * followed by one constant each. Throws Mismatch for another head.
 */
export function readMatchingHead(network: Network, source: string, copied: string, name: string): MatchingHead {
  const [x, u] = [source, copied].map((tensor) => tensorNamed(network, tensor));
  const { query, key, value } = attentionOf(tensorNamed(network, name));
  const codes = codesOf(value, x);
  const bias = readKeys(key, x, u);
  const { rows, constant } = readQuery(query, x, u);
  return { query: rows, bias: bias.map((entry) => entry.mul(constant)), codes };
}

function readKeys(key: Node, x: Node, u: Node): Rational[] {
  const atoms = new Atoms();
  const rows = rowForms(key, [x, u], atoms);
  const width = sizes(u.shape)[1];
  const isKey = (row: readonly AffineForm[], j: number) =>
    row.length === width + 1 &&
    row[width].terms.size === 0 &&
    row.slice(0, width).every((form, k) => formsEqual(form, atoms.input(u.name, j * width + k)));
  demand(rows.every(isKey), `the keys are not the rows of '${u.name}' and a constant`);
  return rows.map((row) => row[width].constant);
}

function readQuery(query: Node, x: Node, u: Node): { rows: RationalMatrix; constant: Rational } {
  const atoms = new Atoms();
  const [row, ...others] = rowForms(query, [x, u], atoms);
  const [tokens, m] = sizes(x.shape);
  const width = sizes(u.shape)[1];
  demand(others.length === 0 && row.length === width + 1, 'there is not one query');
  const symbols = indices(m).map((s) => [...atoms.input(x.name, (tokens - 1) * m + s).terms.keys()][0]);
  const [last, parts] = [row[width], row.slice(0, width)];
  const isLinear = parts.every(
    ({ constant, terms }) => constant.isZero() && [...terms.keys()].every((atom) => symbols.includes(atom)),
  );
  demand(isLinear && last.terms.size === 0, 'the query is not linear in the last token, with a constant');
  return {
    rows: symbols.map((symbol) => parts.map(({ terms }) => terms.get(symbol) ?? Rational.zero)),
    constant: last.constant,
  };
}
