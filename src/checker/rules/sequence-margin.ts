import { closed, type Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { fraction, index, list, type Network, record, sizeOf, string } from '../network.js';
import { type Claim, demandUnits, hintsOf, holderOf, Leads } from '../sequences/lead.js';
import type { Residual } from '../sequences/residual.js';
import { COMPARISONS, type Filter } from '../sequences/scan.js';
import { Words } from '../sequences/words.js';

const FIELDS = ['variable', 'sequences', 'conditions', 'output', 'indices', 'place', 'least', 'strict'];

/**
 * Data: for all `sequences` {12} x {0..9}^3 that satisfy the `conditions` [[left, comparison, right], ...], the margin of the
 * entry `place` of the row `indices` of the `output` over all other entries is at least `least`, or above it (`strict`). Hints: `pins`, `order`
 * and `fine` as in the rule `generation`. Or, in place of the
 * hints, a sequence `at` which it is not.
 */
export const sequenceMargin: Rule = (session, data) => {
  const isAt = typeof data === 'object' && data !== null && 'at' in data;
  const fields = record(data, 'the data', [...FIELDS, ...(isAt ? ['at'] : ['pins', 'order', 'fine'])]);
  const variable = string(fields.variable, 'the variable');
  const sequences = string(fields.sequences, 'the sequences');
  const alphabets = new Words(sequences, '', 0, 0n).whole((words) => words.alphabets());
  const { network } = session;
  const { length } = alphabets;
  const holder = holderOf(network, variable, length);
  demandUnits(holder, alphabets);
  const read = (text: unknown): Residual =>
    new Words(string(text, 'a function of tokens'), variable, length, 0n).whole((words) => words.sum());
  const filters = list(fields.conditions, 'the conditions').map((condition): Filter => {
    const [left, comparison, right] = list(condition, 'a condition');
    demand(COMPARISONS.includes(string(comparison, 'a comparison')), () => `${brief(comparison)} is no comparison`);
    return { sides: [read(left), read(right)], comparison: String(comparison) };
  });
  const node = session.output(fields.output);
  const [from, count] = rowOf(network, node, fields.indices);
  const target = read(fields.place);
  demand(typeof fields.strict === 'boolean', 'strict is neither true nor false');
  const claim: Claim = { first: 1n, least: fraction(fields.least, 'least'), strict: fields.strict };
  const leads = new Leads(network, holder, node, alphabets);
  const task = { filters, target };
  if (isAt) {
    const tokens = list(fields.at, 'the sequence').map((token) => whole(token));
    leads.demandFailure(from, count, claim, task, tokens);
  } else leads.demand(from, count, claim, task, hintsOf(fields.pins, fields.order, fields.fine, length));
  const conclusion = { kind: 'sequence-margin', ...Object.fromEntries(FIELDS.map((name) => [name, fields[name]])) };
  const text = sentenceOf(fields, holder.symbols !== null);
  return closed(
    isAt ? { ...conclusion, at: fields.at } : conclusion,
    isAt ? `not ${text}: it fails at ${variable} = (${(fields.at as readonly string[]).join(', ')})` : text,
  );
};

function whole(token: unknown): bigint {
  const { n, d } = fraction(token, 'a token');
  demand(d === 1n, () => `the token ${brief(token)} is no integer`);
  return n;
}

/** The entries below indices that count from 1 and may leave out axes of length 1: the first of them and how many. */
function rowOf({ nodes }: Network, node: number, indices: unknown): readonly [from: number, count: number] {
  const { shape } = nodes[node];
  const given = list(indices, 'the indices');
  const long = shape.filter((size) => size !== 1);
  const axes = given.length <= long.length ? long : shape;
  let [from, count] = [0, sizeOf(shape)];
  for (const [k, value] of given.entries()) {
    demand(axes[k] !== undefined, 'there are more indices than axes');
    count /= axes[k];
    from += (index(value, axes[k] + 1, 'an index') - 1) * count;
  }
  demand(from >= 0 && count > 1, 'the row has one entry alone');
  return [from, count];
}

function sentenceOf(fields: Readonly<Record<string, unknown>>, isUnits: boolean): string {
  const { variable, sequences, conditions, output, indices, place, least, strict } = fields;
  const texts = (conditions as readonly (readonly string[])[]).map((condition) => condition.join(' '));
  const limits = texts.length > 0 ? ` with ${texts.join(' and ')}` : '';
  const row = (indices as readonly number[]).length > 0 ? `${output}[${indices}]` : output;
  const held = isUnits ? ', token k given as the (k+1)-th unit vector' : '';
  return (
    `for all ${variable} in ${sequences}${limits}${held}: entry ${place} of ${row} (the first is 1) exceeds all others by ` +
    `${strict ? 'more than' : 'at least'} ${least}`
  );
}
