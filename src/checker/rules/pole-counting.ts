import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { index, record } from '../network.js';
import { readModes } from './transfer-identity.js';

const LARGEST = 2 ** 20;

/**
 * Data: a number of `layers` l and one of states in a layer (`width`) m. Premise: the response of the recurrences at all times, rho(t) =
 * sum residue pole^t. Where the poles are distinct and neither they nor the residues are 0, they are the poles 1/pole of G(w) =
 * sum residue/(1 - pole w), and where sum residue/pole is not 0, G falls exactly like 1/w. The states of a layer with a diagonal matrix are
 * those below times numbers over 1 - pole w: a factor O(1/w) unless the layer has a pole 0. So of l layers with the response rho all but one
 * have a pole 0, and have room for l m - (l - 1) others.
 */
export const poleCounting: Rule = (_, data, premises) => {
  const fields = record(data, 'the data', ['layers', 'width']);
  const [l, m] = [fields.layers, fields.width].map((size) => index(size, LARGEST, 'a size'));
  const [fact, ...others] = premises.closed;
  const found = fact?.conclusion as Readonly<Record<string, unknown>> | undefined;
  const isAlone = others.length + premises.bounds.length === 0;
  demand(
    isAlone && found?.kind === 'response' && found.length === undefined,
    'the premise is no response at all times',
  );
  const modes = readModes(found.modes);
  const quotients = modes.map(([[a, b], [p, q]]) => {
    const squared = p.squared().add(q.squared());
    demand(!squared.isZero && !(a.isZero && b.isZero), 'a pole or a residue is 0');
    return [a.mul(p).add(b.mul(q)), b.mul(p).sub(a.mul(q))].map((part) => part.div(squared));
  });
  const distinct = new Set(modes.map(([, [p, q]]) => `${p}, ${q}`));
  demand(distinct.size === modes.length, 'two poles are the same');
  const sums = [0, 1].map((part) => quotients.reduce((sum, quotient) => sum.add(quotient[part]), Fraction.zero));
  demand(
    sums.some((sum) => !sum.isZero),
    'the generating function falls faster than 1/w',
  );
  demand(l > 0 && modes.length > l * m - l + 1, () => `${l} layers have room for ${modes.length} poles`);
  return closed(
    { kind: 'pole-count', ...fields, response: found },
    `${fact.statement}; and no ${l} layers h_k(t) = A_k h_k(t-1) + B_k h_(k-1)(t) of ${m} states with diagonal matrices A_k, whatever ` +
      'their complex entries are, give rho = C h',
  );
};
