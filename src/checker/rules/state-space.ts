import type { Closed, Rule } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { fraction, index, type Node, record } from '../network.js';
import { readChain } from '../recurrences.js';

const MOST_LAYERS = 2 ** 20;
const MOST_POWERS = 2 ** 12;

/**
 * Data: the numbers of `layers` and of states in a layer (`width`) are at most these, and |b|^(2 `power`) <= `value` for
 * every entry b of the matrices B_k and of the output's column C. The recurrences are diagonal, or all their matrices
 * consist of blocks [[a, -b], [b, a]] that stand for a + bi: then y = Re C h, y_imag = Im C h. All entries of A_k must be
 * below 1 in modulus. Premise, if any: the response of the recurrences, which then is part of the statement.
 */
export const stateSpace: Rule = ({ network }, data, premises) => {
  const fields = record(data, 'the data', ['layers', 'width', 'power', 'value']);
  const [layers, width] = [fields.layers, fields.width].map((size) => index(size, MOST_LAYERS, 'a size'));
  const [power, value] = [index(fields.power, MOST_POWERS, 'the power'), fraction(fields.value, 'the value')];
  const { block, matrices, columns } = readChain(network);
  const isDiagonal = matrices.every(([A]) =>
    [...A.entries.keys()].every((at) => at % A.shape[0] === Math.floor(at / A.shape[0])),
  );
  const size = isDiagonal && columns.size === 1 ? 1 : 2;
  demand(block === 1 && matrices.length <= layers, `there are ${matrices.length} layers`);
  const largest = (squares: Iterable<Fraction>) => [...squares].reduce((a, b) => a.max(b), Fraction.zero);
  let most = Fraction.zero;
  for (const [k, [A, B]] of matrices.entries()) {
    demand(A.shape[0] <= width * size, `layer ${k + 1} has more than ${width} states`);
    const poles = squares(A, size, size);
    demand(
      [...poles.keys()].every(([i, j]) => i === j),
      `the matrix of layer ${k + 1} is not diagonal`,
    );
    demand(largest(poles.values()).lt(Fraction.one), `layer ${k + 1} is not stable`);
    most = most.max(largest(squares(B, size, k === 0 ? 1 : size).values()));
  }
  const outputs = [columns.get('y')!, columns.get('y_imag')].filter((column) => column !== undefined);
  most = most.max(largest(squares(outputs[0], size, 1).values()));
  if (outputs.length === 2) {
    const at = (k: number, row: number) => outputs[k].entries.get(row) ?? Fraction.zero;
    const states = Array.from({ length: outputs[0].shape[0] / 2 }, (_, i) => 2 * i);
    const fits = states.every((i) => at(1, i).equals(at(0, i + 1).neg()) && at(1, i + 1).equals(at(0, i)));
    demand(fits, 'the outputs are not the real and the imaginary part of one number');
  }
  let raised = Fraction.one;
  for (let k = 0; k < power; k++) raised = raised.mul(most);
  demand(raised.le(value), 'an entry is larger');
  const [fact, ...others] = premises.closed;
  const isResponse = others.length + premises.bounds.length === 0 && (!fact || kindOf(fact) === 'response');
  demand(isResponse, 'the premise is no response');
  const response = fact ? { response: fact.conclusion } : {};
  return {
    kind: 'closed',
    conclusion: { kind: 'state-space', ...fields, ...response },
    statement:
      `the recurrences of the network are at most ${layers} layers of at most ${width} ${size === 1 ? 'real' : 'complex'} ` +
      `states with diagonal matrices A_k, entries below 1 in modulus, and every other entry b has |b|^${2 * power} <= ` +
      `${value}${fact ? `; ${fact.statement}` : ''}`,
  };
};

function kindOf({ conclusion }: Closed): unknown {
  return (conclusion as { kind?: unknown }).kind;
}

/** The squared moduli of a matrix's entries in blocks of so many rows and columns, by block row and column. */
function squares({ shape, entries }: Node, rows: number, columns: number): Map<readonly [number, number], Fraction> {
  const [height, width] = shape;
  demand(height % rows === 0 && width % columns === 0, 'a matrix does not consist of blocks');
  const blocks = new Map<number, readonly [number, number]>();
  const found = new Map<readonly [number, number], Fraction>();
  for (const at of entries.keys()) {
    const [i, j] = [Math.floor(Math.floor(at / width) / rows), Math.floor((at % width) / columns)];
    const key = i * width + j;
    if (blocks.has(key)) continue;
    blocks.set(key, [i, j]);
    const part = (p: number, q: number) => entries.get((i * rows + p) * width + j * columns + q) ?? Fraction.zero;
    if (columns === 2) {
      const fits = part(0, 0).equals(part(1, 1)) && part(0, 1).equals(part(1, 0).neg());
      demand(fits, 'a block is not of the form [[a, -b], [b, a]]');
    }
    const [re, im] = [part(0, 0), rows === 2 ? part(1, 0) : Fraction.zero];
    found.set(blocks.get(key)!, re.mul(re).add(im.mul(im)));
  }
  return found;
}
