import { brief, demand, spend } from '../failure.js';
import { Fraction } from '../fraction.js';
import { fraction, list, type Network, type Node, record } from '../network.js';
import type { Rule } from '../session.js';

type Complex = readonly [re: Fraction, im: Fraction];
type IntegerRow = readonly (readonly [column: number, entry: bigint])[];

/**
 * h_k(t) = A_k h_k(t-1) + B_k h_(k-1)(t) from the state 0, h_0 the input, by rows in integers: A_k times `step`, B_k and
 * the outputs' columns times numbers of their own, whose product is `scale`. So y(t) comes out times scale step^t.
 */
interface Chain {
  readonly layers: readonly { readonly A: readonly IntegerRow[]; readonly B: readonly IntegerRow[] }[];
  readonly columns: ReadonlyMap<string, { readonly row: IntegerRow }>;
  readonly step: bigint;
  readonly scale: bigint;
}

/**
 * Data: `modes` [[residue, pole], ...] of complex numbers [re, im]. The network is a chain of linear recurrences with
 * outputs y and possibly y_imag, whose impulse responses are the real and the imaginary part of rho(t) = sum residue
 * pole^t, for all t: the generating function of the difference is a polynomial of degree below n = (entries of all
 * states) + 2 (number of modes) over one of constant term 1, so it vanishes when its first n coefficients do.
 */
export const transferIdentity: Rule = ({ network }, data) => {
  const { modes } = record(data, 'the data', ['modes']);
  const complex = (value: unknown): Complex => {
    const [re, im] = list(value, 'a complex number').map((part) => fraction(part, 'a part of a complex number'));
    return [re, im];
  };
  const pairs = list(modes, 'modes').map((mode) => list(mode, 'a mode').map(complex));
  const chain = readChain(network);
  const n = chain.layers.reduce((total, { A }) => total + A.length, 0) + 2 * pairs.length;
  const scale = (values: Iterable<Fraction>) => [...values].reduce((d, { d: other }) => lcm(d, other), 1n);
  const [residues, poles] = [0, 1].map((k) => scale(pairs.flatMap((mode) => mode[k])));
  let terms = pairs.map(([residue]) => residue.map((part) => integer(part, residues)));
  const powers = pairs.map(([, pole]) => pole.map((part) => integer(part, poles)));
  const outputs = [...chain.columns].map(([name, column]) => ({ part: name === 'y' ? 0 : 1, column: column.row }));
  let states: bigint[][] = chain.layers.map(({ A }) => A.map(() => 0n));
  for (let [t, own, others] = [0, chain.scale, residues]; t < n; t++, own *= chain.step, others *= poles) {
    states = advance(chain, states, t === 0 ? 1n : 0n);
    for (const { part, column } of outputs) {
      const rho = terms.reduce((total, term) => total + term[part], 0n);
      const isEqual = dot(column, states[states.length - 1]) * others === rho * own;
      demand(isEqual, `the impulse response differs from the sum of the modes at t = ${t}`);
    }
    spend((terms.length + n) * (1 + (t >> 4)));
    terms = terms.map(([a, b], i) => [a * powers[i][0] - b * powers[i][1], a * powers[i][1] + b * powers[i][0]]);
  }
  const parts = [...chain.columns.keys()].map((name) => `${name}(t) = ${name === 'y' ? 'Re' : 'Im'} r(t)`);
  const text = ([re, im]: Complex) => (im.isZero ? `(${re})` : `(${re} + ${im} i)`);
  const rho = pairs.map(([residue, pole]) => `${text(residue)} ${text(pole)}^t`);
  return {
    kind: 'closed',
    conclusion: { kind: 'response', modes },
    statement:
      `run from state 0 on an input u of any length, the recurrences of the network give ${parts.join(', ')} with ` +
      `r(t) = sum_{s<=t} rho(t-s) u(s), rho(t) = ${rho.join(' + ')}`,
  };
};

function advance({ layers }: Chain, states: readonly bigint[][], input: bigint): bigint[][] {
  let below = [input];
  return layers.map(({ A, B }, k) => {
    below = A.map((row, i) => dot(row, states[k]) + dot(B[i], below));
    return below;
  });
}

function dot(row: IntegerRow, vector: readonly bigint[]): bigint {
  spend(1 + row.length);
  return row.reduce((total, [column, entry]) => total + entry * vector[column], 0n);
}

/** value * scale, an integer. */
function integer({ n, d }: Fraction, scale: bigint): bigint {
  return n * (scale / d);
}

function readChain({ nodes, outputs }: Network): Chain {
  const behind = (k: number): Node => (nodes[k].op === 'reshape' ? behind(nodes[k].inputs[0]) : nodes[k]);
  const columns = new Map<string, Node>();
  let state: number | undefined;
  for (const [name, node] of outputs) {
    const { op, inputs } = behind(node);
    demand(name === 'y' || name === 'y_imag', `the network has an output ${brief(name)}`);
    demand(op === 'matmul' && (state === undefined || state === inputs[0]), `${name} is not the states times a column`);
    demand(`${nodes[node].shape}` === `${nodes[inputs[0]].shape[0]}`, `${name} is no sequence`);
    columns.set(name, nodes[inputs[1]]);
    state = inputs[0];
  }
  const matrices: (readonly [A: Node, B: Node])[] = [];
  const length = nodes[state!].shape[0];
  let node = nodes[state!];
  for (; node.op === 'recurrence'; node = nodes[node.inputs[0]]) {
    matrices.unshift([nodes[node.inputs[1]], nodes[node.inputs[2]]]);
    demand(
      `${node.shape}` === `${length},${matrices[0][0].shape[0]}`,
      'a recurrence has another shape than its states',
    );
  }
  const source = node.op === 'reshape' ? nodes[node.inputs[0]] : node;
  demand(
    source.op === 'input' && `${source.shape}` === `${length}` && `${node.shape}` === `${length},1`,
    'the recurrences do not start from one input',
  );
  let width = 1;
  for (const [A, B] of matrices) {
    const m = A.shape[0];
    demand([A, B].every(({ op }) => op === 'constant') && `${A.shape}` === `${m},${m}`, 'a matrix is no constant');
    demand(`${B.shape}` === `${m},${width}`, 'the matrices of the recurrences do not fit');
    width = m;
  }
  const fits = [...columns.values()].every(({ op, shape }) => op === 'constant' && `${shape}` === `${width},1`);
  demand(fits && matrices.length > 0, 'the outputs are not the states times constant columns');
  const step = matrices.reduce((d, [A]) => lcm(d, denominator(A)), 1n);
  const own = [...columns.values()].reduce((d, column) => lcm(d, denominator(column)), 1n);
  return {
    layers: matrices.map(([A, B]) => ({ A: rows(A, step), B: rows(B, denominator(B)) })),
    columns: new Map([...columns].map(([name, column]) => [name, { row: rows(transposed(column), own)[0] }])),
    step,
    scale: matrices.reduce((product, [, B]) => product * denominator(B), own),
  };
}

function denominator({ entries }: Node): bigint {
  return [...entries.values()].reduce((d, entry) => lcm(d, entry.d), 1n);
}

function lcm(a: bigint, b: bigint): bigint {
  return a * Fraction.of(b, a).n;
}

function transposed({ shape: [m], ...column }: Node): Node {
  return { ...column, shape: [1, m] };
}

function rows({ shape: [height, width], entries }: Node, scale: bigint): IntegerRow[] {
  const result = Array.from({ length: height }, (): [number, bigint][] => []);
  for (const [at, entry] of entries) result[Math.floor(at / width)].push([at % width, integer(entry, scale)]);
  return result;
}
