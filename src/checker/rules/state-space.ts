import { type Closed, closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction, raise } from '../fraction.js';
import { fraction, index, record } from '../network.js';
import * as R from '../recurrences.js';

const MOST_LAYERS = 2 ** 20;
const MOST_POWERS = 2 ** 12;

/**
 * Data: the numbers of `layers` and of states in a layer (`width`) are at most these, and |b|^(2 `power`) <= `value` for
 * every entry b of the matrices B_k and of the output's column C. The recurrences are diagonal, or all their matrices
 * consist of blocks [[a, -b], [b, a]] that stand for a + bi: then y = Re C h, y_imag = Im C h. All entries of A_k must be
 * below 1 in modulus. With `least`: rho(0) = C' B_l ... B_1 is a sum of m^l products of l + 1 entries for l layers of m states, so that none
 * with entries below `least` have this response if |rho(0)| >= m^l least^(l + 1). Premise, if any: the response of the recurrences,
 * which then is part of the statement.
 */
export const stateSpace: Rule = ({ network }, data, premises) => {
  const fields = record(data, 'the data', ['layers', 'width', 'power', 'value', 'least']);
  const [layers, width] = [fields.layers, fields.width].map((size) => index(size, MOST_LAYERS, 'a size'));
  const [power, value] = [index(fields.power, MOST_POWERS, 'the power'), fraction(fields.value, 'the value')];
  const recurrences = R.readRecurrences(network);
  const { block, matrices, columns } = recurrences;
  const size = R.blockSize(recurrences);
  demand(block === 1 && matrices.length <= layers, `there are ${matrices.length} layers`);
  const largest = (squares: Iterable<Fraction>) => [...squares].reduce((a, b) => a.max(b), Fraction.zero);
  let most = Fraction.zero;
  for (const [k, [A, B]] of matrices.entries()) {
    demand(A.shape[0] <= width * size, `layer ${k + 1} has more than ${width} states`);
    R.demandStable(A, size, k + 1);
    most = most.max(largest(R.squares(B, size, k === 0 ? 1 : size).values()));
  }
  const outputs = [columns.get('y')!, columns.get('y_imag')].filter((column) => column !== undefined);
  most = most.max(largest(R.squares(outputs[0], size, 1).values()));
  if (outputs.length === 2) {
    const at = (k: number, row: number) => outputs[k].entries.get(row) ?? Fraction.zero;
    const states = Array.from({ length: outputs[0].shape[0] / 2 }, (_, i) => 2 * i);
    const fits = states.every((i) => at(1, i).equals(at(0, i + 1).neg()) && at(1, i + 1).equals(at(0, i)));
    demand(fits, 'the outputs are not the real and the imaginary part of one number');
  }
  demand(raise(most, BigInt(power)).le(value), 'an entry is larger');
  const least = fields.least === undefined ? null : fraction(fields.least, 'the least entry');
  if (least) {
    demand(layers < MOST_POWERS && least.n >= 0n, 'there is no such least entry');
    const chain = R.inIntegers(recurrences);
    const [{ state, own }] = R.impulse(chain, 1);
    const parts = [...chain.outputs.values()].map(([row]) => Fraction.of(R.dot([row, state]).n, own.n));
    const squared = parts.map((part) => part.mul(part)).reduce((a, b) => a.add(b));
    const needed = raise(Fraction.of(width), BigInt(2 * layers)).mul(raise(least, BigInt(2 * (layers + 1))));
    demand(matrices.length === layers && needed.le(squared), 'the response starts with a smaller value');
  }
  const [fact, ...others] = premises.closed;
  const isResponse = others.length + premises.bounds.length === 0 && (!fact || kindOf(fact) === 'response');
  demand(isResponse, 'the premise is no response');
  const response = fact ? { response: fact.conclusion } : {};
  return closed(
    { kind: 'state-space', ...fields, ...response },
    `the recurrences of the network are at most ${layers} layers of at most ${width} ${size === 1 ? 'real' : 'complex'} ` +
      `states with diagonal matrices A_k, entries below 1 in modulus, and every other entry b has |b|^${2 * power} <= ` +
      `${value}${fact ? `; ${fact.statement}` : ''}` +
      (least ? `; ${layers} such layers with the same response have an entry of modulus at least ${least}` : ''),
  );
};

function kindOf({ conclusion }: Closed): unknown {
  return (conclusion as { kind?: unknown }).kind;
}
