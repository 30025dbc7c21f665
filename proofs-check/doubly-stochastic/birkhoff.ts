import {
  birkhoffCombination,
  combinationObject,
  drawnDoublyStochastic,
} from '../../constructions/doubly-stochastic.js';
import { matrixParameter, squareMatrix } from '../../constructions/matrix-parameter.js';
import {
  InputError,
  integer,
  optional,
  type ProvedClaim,
  Rational,
  type RationalMatrix,
  statedClaim,
  sum,
  type Theorem,
  withDefault,
} from '../../src/index.js';

const parameters = {
  size: withDefault(integer('order of the matrix that is drawn', { min: 2, max: 32 }), '3'),
  matrix: optional(matrixParameter('a doubly stochastic matrix'), 'a mean of permutations drawn from the seed'),
};

interface Design {
  readonly n: number;
  readonly terms: number;
}

type Claim = ProvedClaim<unknown, Design>;

const claims: readonly Claim[] = [
  statedClaim('sum', 'the combination is the matrix, exactly', () => 'gap = 0'),
  statedClaim('permutations', 'every term has entries 0 and 1, and rows and columns that sum to 1', () => 'defect = 0'),
  statedClaim('weights', 'the weights are positive and sum to 1', () => 'total = 1 and least > 0'),
  statedClaim('terms', 'at most (n - 1)^2 + 1 terms', ({ design: { n, terms } }) => `${terms} <= ${(n - 1) ** 2 + 1}`),
  ...[1, 2, 3, 4, 5].map((k) => weight(k)),
];

/** Weights that are there; the last one for numbers beyond. */
function weight(k: number): Claim {
  const at = (terms: number) => Math.min(k, terms);
  return statedClaim(
    `weight${k}`,
    `weight ${k}, or the last one`,
    ({ design: { terms } }) => `w[1, ${at(terms)}] <= ?`,
  );
}

const theorem: Theorem<typeof parameters, Design> = {
  id: 'birkhoff',
  summary: 'a rational doubly stochastic matrix is an exact convex combination of at most (n-1)^2 + 1 permutations',
  statement:
    'Every doubly stochastic matrix of order n is a convex combination of at most (n - 1)^2 + 1 permutation matrices: a perfect matching ' +
    'on the support, subtracted with its least entry, lowers the dimension of the face that the matrix lies in.',
  source: { paper: 'textbook', theorem: 'Birkhoff 1946, von Neumann 1953', trust: 'proved' },
  parameters,
  construct: ({ size, matrix }, { directory, seed }) => {
    const D = matrix ? squareMatrix(matrix, directory) : drawnDoublyStochastic(size, size * 3, seed);
    checkDoublyStochastic(D);
    const combination = birkhoffCombination(D);
    if (!combination) throw new Error('a doubly stochastic matrix without a perfect matching');
    return { network: combinationObject(D, combination), design: { n: D.length, terms: combination.weights.length } };
  },
  claims,
};

function checkDoublyStochastic(D: RationalMatrix): void {
  const allowed = 'entries from 0 on, rows and columns that sum to 1';
  const fault = (found: string) => new InputError({ field: 'matrix', found, allowed });
  if (D.some((row) => row.some((entry) => entry.sign() < 0))) throw fault('a negative entry');
  for (let k = 0; k < D.length; k++) {
    const [row, column] = [sum(D[k]), sum(D.map((entries) => entries[k]))];
    if (!row.equals(Rational.one)) throw fault(`row ${k + 1} sums to ${row}`);
    if (!column.equals(Rational.one)) throw fault(`column ${k + 1} sums to ${column}`);
  }
}

export default theorem;
