import { listed } from '../digest.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { equal, type Form, scale } from '../forms.js';
import { Fraction } from '../fraction.js';
import { index, list, record } from '../network.js';
import { argumentsOf, leadersOf, onlyMatrix, ramp } from './pointer-composition.js';

const MOST_STATES = 32;
const [TWO, FIVE_HALVES, SEVENTH] = [Fraction.of(2), Fraction.of(5, 2n), Fraction.of(1, 7n)];

/**
 * Data: an `output`, a `table` of next states (from 0, a row for each letter, the first one that of the start token and the
 * identity) and a `start`. The input's rows are unit vectors of letters, the first that of the start token. Tokens hold the map
 * of their letter, 1 at (q, r); a layer attends to one token with all but 1/8 of the mass and composes its map F with the own
 * map G: relu(2 (F[q, k] + G[k, r]) - 5/2) - relu(2 (F[q, k] + G[k, r]) - 7/2), summed over k, is 1 at (q, r) where both are and 0
 * elsewhere, as F is off by at most 1/8. What tokens have seen must join without a gap, back to the start token.
 */
export const mapComposition: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'table', 'start']);
  const { atoms, network } = session;
  const rows = list(fields.table, 'the table').map((row) => list(row, 'a row of the table'));
  const Q = rows[0]?.length ?? 0;
  demand(Q > 0 && Q <= MOST_STATES, `an automaton of ${Q} states`);
  const table = rows.map((row) => row.map((state) => index(state, Q, 'a next state')));
  demand(table.every((row) => row.length === Q) && table[0].every((r, q) => r === q), 'the table is none');
  const [states] = table;
  const start = index(fields.start, Q, 'the start');
  const x = onlyMatrix(session);
  const [T, letters] = network.nodes[x].shape;
  demand(letters === table.length, 'the input has other letters');
  const output = session.output(fields.output);
  const means = network.nodes.flatMap(({ op, inputs }, k) => {
    return op === 'matmul' && network.nodes[inputs[0]].op === 'softmax' ? [k] : [];
  });
  const own = [...means.map((k) => network.nodes[k].inputs[1]), argumentsOf(session, output, 'matmul')[0]];
  const mapAt = (node: number) => (q: number, r: number) => atoms.given(node, q * Q + r);
  const demandMap = (what: string, forms: readonly Form[], stated: (q: number, r: number) => Form) => {
    const isStated = forms.every((form, at) => equal(form, stated(Math.floor(at / Q), at % Q)));
    demand(forms.length === Q * Q && isStated, what);
  };
  demandMap("the letters' maps are other ones", session.row(x, own[0]), (q, r) => {
    return atoms.sum(table.flatMap((row, a) => (row[q] === r ? [atoms.given(x, a)] : [])));
  });
  let seen = Array.from({ length: T }, (_, t) => t);
  for (const [l, mean] of means.entries()) {
    const [F, G] = [mean, own[l]].map(mapAt);
    demandMap(`layer ${l + 1} composes no maps`, session.rowAt([own[l], mean], own[l + 1]), (q, r) => {
      return atoms.sum(states.map((k) => ramp(session, scale(atoms.sum([F(q, k), G(k, r)]), TWO), FIVE_HALVES)));
    });
    const before = seen;
    const targets = leadersOf(session, network.nodes[mean].inputs[0], SEVENTH);
    seen = before.map((from, t) => {
      const target = targets[t];
      demand(target === Math.max(0, from - 1), () => `token ${t} attends to token ${target}`);
      return from === 0 ? 0 : before[target];
    });
  }
  demandEach(seen, (from) => from === 0, 'a token has not seen all letters before it');
  const last = session.row(own[means.length], output);
  const isState = last.every((form, r) => equal(form, mapAt(own[means.length])(start, r)));
  demand(last.length === Q && isState, 'the output is not the state from the start');
  return closed(
    { kind: 'map-composition', ...fields },
    `for all sequences of ${T - 1} letters behind the start token, as unit vectors, row t of ${fields.output} is the unit vector of ` +
      `the state after t - 1 letters from state ${start}, states from 0, by the table ${listed(table.map((row) => `[${row}]`))}`,
  );
};
