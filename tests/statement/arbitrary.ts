import fc from 'fast-check';
import type { Statement } from '../../src/statement/index.js';

/** The same tree without the columns that messages use. */
export function bare<T>(tree: T): T {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'column' ? undefined : plain(value))));
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

const numberText = fc.oneof(
  fc.nat(30).map(String),
  fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 12 })).map(([p, q]) => `${p}/${q}`),
  fc.tuple(fc.nat(9), fc.nat(99)).map(([a, b]) => `${a}.${b}`),
  fc.constantFrom('1e-3', '.5', '2.5e2'),
);

const nameText = fc.constantFrom('y', 'y[1]', 'y[2]', 'x[1]', 'x[2]', 'a.y', 'hidden[3]', '"/fc1/Relu"', 'pi');

/** Texts of terms, in all ways in which people write them; without division by what may be 0 where `total`. */
export function termTexts({ total }: { readonly total: boolean }): fc.Arbitrary<string> {
  return fc.letrec<{ term: string; atom: string }>((tie) => {
    const [term, atom] = [tie('term'), tie('atom')];
    const join = (sign: string) => fc.tuple(term, term).map(([a, b]) => `${a}${sign}${b}`);
    const times = (sign: string) => fc.tuple(atom, atom).map(([a, b]) => `${a}${sign}${b}`);
    return {
      atom: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        fc.nat(30).map(String),
        nameText,
        term.map((t) => `(${t})`),
        term.map((t) => `|${t}|`),
        fc.tuple(fc.constantFrom('exp', 'sin', 'tanh', 'relu', 'abs'), term).map(([f, t]) => `${f}(${t})`),
        fc.tuple(fc.constantFrom('min', 'max'), term, term).map(([f, a, b]) => `${f}(${a}, ${b})`),
        fc
          .tuple(fc.constantFrom('min', 'max', 'sum'), fc.constantFrom('1..2', '1, 2', '1..1, 2..2'), term)
          .map(([f, range, t]) => `${f}_{t in ${range}}(${t} + x[t])`),
        term.map((t) => `softmax(${t}, y[1])[2]`),
      ),
      term: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        numberText,
        nameText,
        atom,
        join(' + '),
        join('-'),
        times('*'),
        times(' * -'),
        ...(total ? [] : [fc.tuple(atom, nameText).map(([a, b]) => `${a}/${b}`)]),
        fc.tuple(atom, fc.constantFrom('2', '3', '(1 + 1)')).map(([a, n]) => `${a}^${n}`),
        term.map((t) => `-${t}`),
      ),
    };
  }).term;
}

const domainText = fc.constantFrom(
  '[0,1]^2',
  '[ -1 , 1/2 ] x [0,2]',
  'R^2',
  '{0..9}^2',
  '([0, 1] x [1, 2])^(3x4)',
  '[0,1]^(64x2)',
  '{1, 2, 4, 1/2}',
  '[0,1] x [0,1] x R',
);

const comparisonText = fc.constantFrom('<=', '>=', '<', '>', '=');

export function relationTexts(options: { readonly total: boolean }): fc.Arbitrary<string> {
  const term = termTexts(options);
  return fc.oneof(
    fc.tuple(term, comparisonText, term).map(([a, sign, b]) => `${a} ${sign} ${b}`),
    term.map((a) => `-3 <= ${a} < 7/2`),
    term.map((a) => `${a} <= ?`),
    term.map((a) => `? <= ${a} <= ?`),
  );
}

export function statementTexts(options: { readonly total: boolean }): fc.Arbitrary<string> {
  const relations = fc.array(relationTexts(options), { minLength: 1, maxLength: 3 }).map((list) => list.join(' and '));
  const prefix = fc
    .tuple(domainText, fc.option(domainText, { nil: null }), fc.boolean())
    .map(
      ([first, second, conditioned]) =>
        `for all x, x' in ${first}${second ? `, z in ${second}` : ''}${conditioned ? ' with x[1] <= x[2] and 0 < x[1]' : ''}: `,
    );
  return fc.tuple(fc.oneof(fc.constant(''), prefix), relations).map(([head, body]) => head + body);
}

export type { Statement };
