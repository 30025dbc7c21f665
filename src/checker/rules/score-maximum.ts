import { placeName } from '../atoms.js';
import { spend } from '../budget.js';
import type { Expression } from '../expression.js';
import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { coefficients, equal, type Form } from '../forms.js';
import { Fraction } from '../fraction.js';
import { fraction, list, record } from '../network.js';
import type { Session } from '../session.js';
import type { Side } from '../side.js';
import { enclose, separate } from './enclosure.js';
import { demandGapConstant } from './soft-head.js';

type Matrix = readonly (readonly Fraction[])[];

/**
 * Data: tokens `x` [T, d] (an input) in a `domain`, their `query`, `mixed`, `pair`, `halves`, and `node` [T, 1], `kappa` and
 * `lambda`. Row t of `mixed` is y_t = sum_s p_s x_s with p = softmax_s(beta x_s' A x_t), that of `pair` is (x_t, y_t); `halves`
 * are linear forms h_c of it with sum_c kappa_c h_c^2 = y_t' A x_t, and `node` is a sum of piecewise linear functions of one half
 * each, which stand against kappa_c h_c^2 as y_t is in the box of the tokens. Now y_t' A x_t = sum_s p_s (x_s' A x_t) is a soft
 * maximum: at most lambda/beta below max_s x_s' A x_t, and never above, where (T - 1) e^(-lambda-1) <= lambda.
 */
export const scoreMaximum: Rule = (session, data) => {
  const fields = record(data, 'the data', ['domain', ...NODES, 'kappa', 'lambda']);
  const [x, query, mixed, pair, halves, node] = NODES.map((name) => session.node(fields[name]));
  const { op, name, shape } = session.network.nodes[x];
  const [T, d] = shape;
  demand(op === 'input' && shape.length === 2 && T > 1, `node ${x} holds no tokens`);
  demand(`${session.network.nodes[node].shape}` === `${T},1`, `node ${node} is no column of ${T} numbers`);
  const domain = session.domain(fields.domain);
  const side = session.sideOf(name, domain);
  const kappa = list(fields.kappa, 'kappa').map((factor) => fraction(factor, 'a factor'));
  const B = scoresOf(session, { x, query, mixed, T, d });
  demandPairs(session, { x, mixed, pair, d });
  const h = session.row(pair, halves).map((form) => linear(session, form, pair, 2 * d));
  const A = bilinear(h, kappa, d);
  const beta = ratio(B, A);
  const lambda = fraction(fields.lambda, 'lambda');
  demandGapConstant(T - 1, lambda);
  const error = squareError(session, { halves, node, h, kappa, side });
  const bounds = { lo: error.lo.sub(lambda.div(beta)), hi: error.hi };
  const targets = Array.from({ length: T }, (_, t) => ({ target: largest(session, A, name, T, t), ...bounds }));
  return { kind: 'within', domain, node, entries: new Map(targets.entries()) };
};

const NODES = ['x', 'query', 'mixed', 'pair', 'halves', 'node'] as const;

/** The coefficients of a linear form in the first entries of a node. */
function linear({ atoms }: Session, form: Form, node: number, width: number): Fraction[] {
  demand(form.constant.isZero, `a form is not linear in node ${node}`);
  return coefficients(
    form,
    Array.from({ length: width }, (_, k) => atoms.given(node, k)),
  );
}

/** B, where `mixed` holds the means of all tokens with the logits x_s' B x_t. */
function scoresOf(session: Session, { x, query, mixed, T, d }: Readonly<Record<string, number>>): Matrix {
  const { atoms } = session;
  const means = session.row(query, mixed, x);
  const tokens = Array.from({ length: T }, (_, s) => means.map((_, k) => atoms.given(x, s * d + k)));
  const logits = tokens.map((token) => atoms.dot(token.map((entry, k) => [atoms.given(query, k), entry])));
  const shares = atoms.softmax(logits);
  const isMean = means.every((mean, k) => {
    const stated = atoms.dot(shares.map((share, s) => [share, tokens[s][k]]));
    return equal(mean, stated);
  });
  demand(means.length === d && isMean, `node ${mixed} does not hold means of the tokens by <query, token>`);
  return session.row(x, query).map((form) => linear(session, form, x, d));
}

/** Row t of `pair` is row t of x and of `mixed`. */
function demandPairs(session: Session, { x, mixed, pair, d }: Readonly<Record<string, number>>): void {
  const { forms, symbol } = session.between([x, mixed], pair);
  const isPair = forms.every((form, at) => {
    const [t, k] = [Math.floor(at / (2 * d)), at % (2 * d)];
    return equal(form, symbol(k < d ? x : mixed, t * d + (k % d)));
  });
  demand(isPair && `${session.network.nodes[pair].shape[1]}` === `${2 * d}`, `node ${pair} does not hold the pairs`);
}

/** A with sum_c kappa_c h_c^2 = y' A x for the pair (x, y). */
function bilinear(h: Matrix, kappa: readonly Fraction[], d: number): Matrix {
  demand(h.length === kappa.length, `there are ${kappa.length} factors for ${h.length} halves`);
  const coefficient = (a: number, b: number) =>
    h.reduce((sum, row, c) => sum.add(row[a].mul(row[b]).mul(kappa[c])), Fraction.zero);
  const indices = Array.from({ length: d }, (_, k) => k);
  const isCross = indices.every((a) => indices.every((b) => [0, d].every((o) => coefficient(o + a, o + b).isZero)));
  demand(isCross, 'the squares do not add up to a product of two tokens');
  const two = Fraction.of(2);
  return indices.map((k) => indices.map((j) => coefficient(d + k, j).mul(two)));
}

/** beta > 0 with B = beta A. */
function ratio(B: Matrix, A: Matrix): Fraction {
  const pairs = A.flatMap((row, k) => row.map((entry, j) => [entry, B[k][j]] as const));
  const [a, b] = pairs.find(([entry]) => !entry.isZero) ?? [Fraction.one, Fraction.zero];
  const beta = b.div(a);
  const isMultiple = pairs.every(([entry, other]) => other.equals(entry.mul(beta)));
  demand(isMultiple && beta.n > 0n, 'the logits are no positive multiple of the scores');
  return beta;
}

/** Bounds of node - sum_c kappa_c h_c^2 for pairs with entries within `side`. */
function squareError(
  session: Session,
  { halves, node, h, kappa, side }: { halves: number; node: number; h: Matrix; kappa: readonly Fraction[]; side: Side },
): Side {
  const { atoms, expressions } = session;
  const [form] = session.row(halves, node);
  const name = (c: number) => placeName(halves, c);
  const end = (row: readonly Fraction[], isTop: boolean) =>
    row.reduce((sum, entry) => sum.add(entry.mul(entry.n > 0n === isTop ? side.hi : side.lo)), Fraction.zero);
  const domain = new Map(h.map((row, c) => [name(c), { lo: end(row, false), hi: end(row, true) }]));
  const squares = kappa.map((factor, c) => {
    const square = expressions.power(expressions.variable(name(c)), Fraction.of(2));
    return expressions.product([expressions.number(factor), square]);
  });
  const summands = separate(atoms, form, expressions.sum(squares), (variable) => atoms.input(variable));
  return enclose(session, summands, domain);
}

/** max_s x_s' A x_t. */
function largest({ expressions, names }: Session, A: Matrix, name: string, T: number, t: number): Expression {
  const entries = (s: number) => A.map((_, k) => names(name, [s + 1, k + 1])!);
  const to = entries(t);
  const scores = Array.from({ length: T }, (_, s) => {
    const from = entries(s);
    spend(200 * (1 + A.length * A.length));
    const terms = A.flatMap((row, k) =>
      row.flatMap((factor, j) => {
        if (factor.isZero) return [];
        const product = [from[k], to[j]];
        return [expressions.product(factor.equals(Fraction.one) ? product : [expressions.number(factor), ...product])];
      }),
    );
    return expressions.sum(terms);
  });
  return expressions.apply('max', scores);
}
