import { closed, type Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { part } from '../interpretation.js';
import { fraction, index, list, type Network, record, sizeOf, string } from '../network.js';
import { isRelation } from '../relations.js';
import { type Claim, demandUnits, hintsOf, holderOf, Leads } from '../sequences/lead.js';
import { operation, type Residual } from '../sequences/residual.js';
import type { Filter } from '../sequences/scan.js';
import { Words } from '../sequences/words.js';

const WRITTEN = ['variable', 'prompts', 'text', 'output', 'first'];
const STATED = ['variable', 'sequences', 'conditions', 'output', 'indices', 'place', 'least', 'strict'];

/**
 * Data: the `text` [[places, token], ...] that the `output` writes behind `prompts`, the number `first` of the token that the
 * first entry of a row scores, for each token of the text the `pins` and the `order` of free tokens, and how `fine` classes are told apart.
 * Step t is shown for all sequences that begin with a prompt and the first t - 1 tokens of the text, whatever stands behind: the right token
 * has the largest entry, alone. By induction the network writes the text.
 */
export const generation: Rule = (session, data) => {
  const fields = record(data, 'the data', [...WRITTEN, 'pins', 'orders', 'fine']);
  const [variable, prompts] = [string(fields.variable, 'the variable'), string(fields.prompts, 'the prompts')];
  const { network } = session;
  const node = session.output(fields.output);
  const first = index(fields.first, 2 ** 20, 'the first token');
  const prompt = alphabetsOf(prompts);
  const holder = holderOf(network, variable);
  const { length, symbols } = holder;
  demand(symbols !== null, 'the input holds no unit vectors');
  const tokens = textOf(fields.text, variable, length);
  demand(prompt.length + tokens.length - 1 <= length, 'the text is longer than the input');
  const all = Array.from({ length: symbols }, (_, k) => BigInt(k));
  const alphabets = Array.from({ length }, (_, k) => prompt[k] ?? all);
  demandUnits(holder, alphabets);
  const { shape } = network.nodes[node];
  const [rows, width, ...others] = shape.length === 2 ? shape : shape.filter((size) => size !== 1);
  demand(rows === length && width > 1 && others.length === 0, 'the output has not one row for each token');
  demand(first + width <= symbols, 'the output scores tokens that the input has not');
  const leads = new Leads(network, holder, node, alphabets);
  const [pins, orders] = [list(fields.pins, 'the pins'), list(fields.orders, 'the orders')];
  const claim: Claim = { first: BigInt(first), least: Fraction.zero, strict: true };
  for (const [t, target] of tokens.entries()) {
    const filters = tokens.slice(0, t).map((by, k): Filter => {
      return { sides: [{ token: prompt.length + k }, by], comparison: '=' };
    });
    const hints = hintsOf(pins[t], orders[t], fields.fine, length);
    leads.demand((prompt.length - 1 + t) * width, width, claim, { filters, target }, hints);
  }
  const { text, output } = fields;
  const parts = list(text, 'the text').map((part) => `${(part as string[])[1]} for t in ${(part as string[])[0]}`);
  return closed(
    { kind: 'generation', variable, prompts, text, output, first },
    `for all ${variable} in ${prompts}: taking the token with the largest entry of ${output} each time, whatever stands behind, ` +
      `${variable} is continued by ${parts.join(', then ')}${first === 0 ? '' : ` (entry 1 scores token ${first})`}`,
  );
};

/** The tokens of the text one by one. */
function textOf(value: unknown, variable: string, length: number): Residual[] {
  const tokens: Residual[] = [];
  for (const part of list(value, 'the text')) {
    const [places, token] = list(part, 'a part of the text').map((text) => string(text, 'a part of the text'));
    const [from, to] = new Words(places, '', 0, 0n).whole((words) => words.ends());
    demand(
      from === BigInt(tokens.length + 1) && to >= from && to <= BigInt(length),
      'the places of the text are not in order',
    );
    for (let t = from; t <= to; t++)
      tokens.push(operation('sum', [new Words(token, variable, length, t).whole((words) => words.sum())]));
  }
  demand(tokens.length > 0, 'the text has no token');
  return tokens;
}

/**
 * Data: for all `sequences` {12} x {0..9}^3 that satisfy the `conditions` [[left, comparison, right], ...], the margin of the
 * entry `place` of the row `indices` of the `output` over all other entries is at least `least`, or above it (`strict`). Hints: `pins`, `order` and `fine` as in
 * the rule `generation`. Or, in place of the hints, a sequence `at` which it is not.
 */
export const sequenceMargin: Rule = (session, data) => {
  const isAt = typeof data === 'object' && data !== null && 'at' in data;
  const fields = record(data, 'the data', [...STATED, ...(isAt ? ['at'] : ['pins', 'order', 'fine'])]);
  const variable = string(fields.variable, 'the variable');
  const alphabets = alphabetsOf(string(fields.sequences, 'the sequences'));
  const { network } = session;
  const { length } = alphabets;
  const holder = holderOf(network, variable, length);
  demandUnits(holder, alphabets);
  const read = (text: unknown): Residual =>
    new Words(string(text, 'a function of tokens'), variable, length, 0n).whole((words) => words.sum());
  const filters = list(fields.conditions, 'the conditions').map((condition): Filter => {
    const [left, comparison, right] = list(condition, 'a condition');
    demand(isRelation(comparison), () => `${brief(comparison)} is no comparison`);
    return { sides: [read(left), read(right)], comparison };
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
  const conclusion = { kind: 'sequence-margin', ...Object.fromEntries(STATED.map((name) => [name, fields[name]])) };
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

/** The entries below indices that count from 1: the first of them and how many. */
function rowOf({ nodes }: Network, node: number, indices: unknown): readonly [from: number, count: number] {
  const { shape } = nodes[node];
  const given = list(indices, 'the indices').map((value) => index(value, sizeOf(shape) + 1, 'an index'));
  const [from, count] = part('the output', shape, given);
  demand(count > 1, 'the row has one entry alone');
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

function alphabetsOf(sequences: string): bigint[][] {
  return new Words(sequences, '', 0, 0n).whole((words) => words.alphabets());
}
