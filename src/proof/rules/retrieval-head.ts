import { type AffineForm, type Atoms, formsEqual } from '../../evaluate/affine.js';
import type { Network, Node } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';
import { formsByClass, type TokenClasses } from './by-class.js';
import { formsBetween } from './forms-between.js';

/**
 * A tensor of D entries whose entry i is a head's soft minimum of one feature: with psi [T, D] the features,
 *   entry i = sum_t p_t psi_{t,i},   p = softmax over t of -beta_i (psi_{t,i} + rho_{t,i}) + const.
 *
 * The part of the network from psi to the tensor is evaluated symbolically. Each entry must be a sum of products with
 * coefficient 1 of a weight p_t and psi_{t,i}, one for every t, the weights all from one softmax whose logits are
 * affine in psi_{t,i} alone with a common negative slope -beta_i. Softmax does not see a common constant, so the gates
 * are the offsets relative to the largest: rho = (max offset - offset)/beta >= 0.
 */
export const retrievalHead: Rule = {
  id: 'retrieval-head',
  tex: '\\tilde z_i = \\sum_t \\mathrm{softmax}_t(-\\beta(\\psi_i(t) + \\rho_i(t)))\\, \\psi_i(t)',
};

/** What a head does, read off the weights. */
export interface Head {
  readonly beta: Rational;
  /** rho_t >= 0, the least of them 0. */
  readonly gates: readonly Rational[];
}

/** The fact that every entry is a head, with what was read; or which entry is something else. */
export function readHeads(network: Network, features: string, retrieved: string): Outcome<readonly Head[]> {
  const statement = `entry i of '${retrieved}' is the soft minimum of column i of '${features}'`;
  const fail = (difference: string) => open(retrievalHead, 'heads', statement, difference);
  const [psi, tensor] = [network.find(features), network.find(retrieved)];
  if (!psi || !tensor) return fail(`the network has no tensor named '${psi ? retrieved : features}'`);
  if (psi.shape.length !== 2) return fail(`'${features}' is no matrix`);
  const [T, D] = psi.shape.map((dim) => dim.size);
  const minted = (heads: readonly Head[]) => {
    const strengths = [...new Set(heads.map(({ beta }) => beta.toString()))].join(', ');
    const says = `${statement}, beta = ${strengths}`;
    return mint({ rule: retrievalHead, id: 'heads', network, domain: null, says, found: heads });
  };
  const grouped = headsByClass(psi, tensor, D);
  if (grouped) return minted(grouped);
  const found = formsBetween([psi], tensor);
  if (typeof found === 'string') return fail(found);
  const { atoms, forms: entries } = found;
  const symbols = Array.from({ length: T * D }, (_, k) => atoms.input(features, k));
  if (entries.length !== D) return fail(`'${retrieved}' has ${entries.length} entries, '${features}' ${D} columns`);
  const heads: Head[] = [];
  for (const [i, entry] of entries.entries()) {
    const head = readHead(
      entry,
      atoms,
      Array.from({ length: T }, (_, t) => atomOf(symbols[t * D + i])),
    );
    if (typeof head === 'string') return fail(`entry ${i}: ${head}`);
    heads.push(head);
  }
  return minted(heads);
}

/** The heads where there are few kinds of tokens; null where there are more, or an entry is something else. */
function headsByClass(psi: Node, tensor: Node, D: number): readonly Head[] | null {
  const found = formsByClass(psi, tensor);
  if (found?.forms.length !== D) return null;
  const heads: Head[] = [];
  for (const [i, entry] of found.forms.entries()) {
    const head = headByClass(entry, found.classes, atomOf(found.classes.atoms.input(psi.name, i)));
    if (!head) return null;
    heads.push(head);
  }
  return heads;
}

/** One entry: for each class the sum of products of a share and the value `column`, all shares of one softmax. */
function headByClass(entry: AffineForm, classes: TokenClasses, column: number): Head | null {
  const { atoms, members, of } = classes;
  if (!entry.constant.isZero() || entry.terms.size !== members.length) return null;
  const seen = new Set<number>();
  let row: readonly AffineForm[] | null = null;
  for (const [number, coefficient] of entry.terms) {
    const sum = classes.summed(number);
    const product = sum && single(sum.form);
    const atom = product === null ? null : atoms.get(product);
    if (!sum || atom?.kind !== 'product' || !coefficient.equals(Rational.one) || seen.has(sum.of)) return null;
    const weight = [atom.of, [...atom.of].reverse()].flatMap(([p, value]) => {
      const [share, token] = [single(p), single(value)];
      const shared = share !== null && token === column ? classes.shared(share) : null;
      return shared ? [shared] : [];
    })[0];
    if (!weight || weight.place !== sum.of || (row && !rowsEqual(row, weight.row))) return null;
    seen.add(sum.of);
    row = weight.row;
  }
  const read =
    row &&
    readLogits(
      row,
      row.map(() => column),
    );
  if (!read || typeof read === 'string') return null;
  return { beta: read.beta, gates: Array.from(of, (c) => read.gates[c]) };
}

function rowsEqual(a: readonly AffineForm[], b: readonly AffineForm[]): boolean {
  return a.length === b.length && a.every((form, k) => formsEqual(form, b[k]));
}

/** Reads one entry; a sentence that says what is wrong, otherwise. `column` holds the symbols psi_{1,i}, ..., psi_{T,i}. */
function readHead(entry: AffineForm, atoms: Atoms, column: readonly number[]): Head | string {
  if (!entry.constant.isZero()) return `it has the constant ${entry.constant}`;
  const T = column.length;
  if (T === 1 && entry.terms.size === 1 && entry.terms.get(column[0])?.equals(Rational.one)) {
    return { beta: Rational.one, gates: [Rational.zero] };
  }
  if (entry.terms.size !== T) return `it is a sum of ${entry.terms.size} terms, not of ${T}`;
  const position = new Map(column.map((atom, t) => [atom, t]));
  const seen = new Map<number, AffineForm>();
  let row: readonly AffineForm[] | null = null;
  for (const [number, coefficient] of entry.terms) {
    const product = atoms.get(number);
    if (product.kind !== 'product' || !coefficient.equals(Rational.one)) return 'a term is no plain product';
    const pair = weightAndValue(product.of, atoms, position);
    if (!pair) return 'a term is not p_t psi_t';
    if (row && pair.row !== row) return 'its weights come from different softmaxes';
    if (pair.row.length !== T || seen.has(pair.token)) return 'its weights do not run over all tokens once';
    seen.set(pair.token, pair.logit);
    row = pair.row;
  }
  const logits = column.map((_, t) => seen.get(t)!);
  return readLogits(logits, column);
}

function weightAndValue(of: readonly AffineForm[], atoms: Atoms, position: ReadonlyMap<number, number>) {
  for (const [p, value] of [of, [...of].reverse()]) {
    const [weight, token] = [single(p), single(value)];
    const t = token === null ? undefined : position.get(token);
    if (weight === null || t === undefined) continue;
    const atom = atoms.get(weight);
    if (atom.kind === 'softmax') return { token: t, logit: atom.of[atom.index], row: atom.of };
  }
  return null;
}

function readLogits(logits: readonly AffineForm[], column: readonly number[]): Head | string {
  const slope = logits[0].terms.get(column[0]);
  if (!slope || slope.sign() >= 0) return 'its logits do not fall in the feature';
  for (const [t, { terms }] of logits.entries()) {
    if (terms.size !== 1 || !terms.get(column[t])?.equals(slope))
      return `the logit of token ${t} is not ${slope} psi_t + constant`;
  }
  const top = logits.reduce((most, { constant }) => most.max(constant), logits[0].constant);
  const beta = slope.neg();
  return {
    beta,
    gates: logits.map(({ constant }) => (constant === top ? Rational.zero : top.sub(constant).div(beta))),
  };
}

/** The atom that the form is, with coefficient 1 and nothing added; null for other forms. */
function single({ constant, terms }: AffineForm): number | null {
  if (terms.size !== 1 || !constant.isZero()) return null;
  const [[atom, coefficient]] = terms;
  return coefficient.equals(Rational.one) ? atom : null;
}

function atomOf(form: AffineForm): number {
  return single(form)!;
}
