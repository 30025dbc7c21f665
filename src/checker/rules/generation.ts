import { spend } from '../budget.js';
import type { Rule } from '../fact.js';
import { brief, demand, demandShown } from '../failure.js';
import { difference } from '../forms.js';
import { index, list, record, sizeOf, string } from '../network.js';
import { operation, type Rest } from '../sequences/rest.js';
import { classes } from '../sequences/scan.js';
import { Sums, type Units } from '../sequences/sums.js';
import { Words } from '../sequences/words.js';
import type { Session } from '../session.js';

const FIELDS = ['variable', 'prompts', 'text', 'output', 'first'];
const FINEST = 100;

/**
 * Data: the `text` [[places, token], ...] that the `output` writes behind `prompts`, the number `first` of the token that the
 * first entry of a row scores, for each token of the text the `order` in which free tokens are read, and how `fine` classes are
 * told apart. Step t is shown for all sequences that begin with a prompt and the first t - 1 tokens of the text, whatever stands
 * behind: the right token has the largest entry, alone. By induction the network writes the text.
 */
export const generation: Rule = (session, data) => {
  const fields = record(data, 'the data', [...FIELDS, 'orders', 'fine']);
  const [variable, prompts] = [string(fields.variable, 'the variable'), string(fields.prompts, 'the prompts')];
  const node = session.output(fields.output);
  const first = index(fields.first, 2 ** 20, 'the first token');
  const prompt = new Words(prompts, '', 0, 0n).alphabets();
  const { length, symbols, units } = inputOf(session, variable);
  const tokens = textOf(fields.text, variable, length);
  demand(prompt.length + tokens.length - 1 <= length, 'the text is longer than the input');
  demand(
    prompt.every((values) => values.every((value) => value < BigInt(symbols))),
    'a prompt has tokens without unit vectors',
  );
  const all = Array.from({ length: symbols }, (_, k) => BigInt(k));
  const alphabets = Array.from({ length }, (_, k) => prompt[k] ?? all);
  const entries = session.entries(node);
  const width = entries.length / length;
  const { shape } = session.network.nodes[node];
  demand(first + width <= symbols, 'the output scores tokens that the input has not');
  demand(
    shape[0] === length && sizeOf(shape) === length * width && width > 1,
    'the output has not one row for each token',
  );
  const orders = list(fields.orders, 'the orders');
  const fine = index(fields.fine, FINEST, 'fine');
  for (const [t, token] of tokens.entries()) {
    const row = entries.slice((prompt.length - 1 + t) * width, (prompt.length + t) * width);
    const determined = new Map(tokens.slice(0, t).map((by, k) => [prompt.length + k, by] as const));
    const order = list(orders[t], `order ${t + 1}`).map((place) => index(place, length, 'a token'));
    demandFree(order, alphabets, determined);
    const sums = new Sums(session.atoms, units, alphabets);
    const leads = row.map((form) =>
      row.map((other) => (other === form ? null : sums.enclosure(difference(form, other)))),
    );
    for (const { target, box } of classes({ alphabets, determined, target: token }, sums.sums, order, fine)) {
      demand(typeof target === 'bigint', 'a token of the text depends on what stands behind');
      const place = Number(target) - first;
      demand(place >= 0 && place < width, `no entry scores the token ${target}`);
      for (const [k, lead] of leads[place].entries()) {
        demand(lead !== null || k === place, `two entries that score token ${t + 1} of the text are one form`);
        demandShown(
          lead === null || lead(box).lo > 0n,
          `token ${t + 1} of the text is not shown to lead over entry ${k + 1}`,
        );
      }
    }
  }
  const { text, output } = fields;
  const parts = list(text, 'the text').map((part) => `${(part as string[])[1]} for t in ${(part as string[])[0]}`);
  return {
    kind: 'closed',
    conclusion: { kind: 'generation', variable, prompts, text, output, first },
    statement:
      `for all ${variable} in ${prompts}: taking the token with the largest entry of ${output} each time, whatever stands behind, ` +
      `${variable} is continued by ${parts.join(', then ')}${first === 0 ? '' : ` (entry 1 scores token ${first})`}`,
  };
};

/** The free tokens, each once. */
function demandFree(
  order: readonly number[],
  alphabets: readonly (readonly bigint[])[],
  determined: ReadonlyMap<number, Rest>,
): void {
  const free = alphabets.flatMap((values, token) => (values.length > 1 && !determined.has(token) ? [token] : []));
  const fits =
    order.length === free.length && new Set(order).size === free.length && order.every((token) => free.includes(token));
  demand(fits, 'an order does not hold the free tokens, each once');
}

/** The input as unit vectors, one for each token. */
function inputOf({ network }: Session, variable: string): { length: number; symbols: number; units: Units } {
  const inputs = network.nodes.filter(({ op }) => op === 'input');
  demand(inputs.length === 1, `${brief(variable)} is not the one input`);
  const [{ name, shape }] = inputs;
  const [length, symbols, ...others] = shape;
  demand(others.length === 0 && symbols > 1, 'the input holds no unit vectors');
  const units = new Map<string, readonly [number, bigint]>();
  spend(100 * length * symbols);
  for (let token = 0; token < length; token++) {
    for (let k = 0; k < symbols; k++) units.set(`${name}[${token + 1},${k + 1}]`, [token, BigInt(k)]);
  }
  return { length, symbols, units };
}

/** The tokens of the text one by one. */
function textOf(value: unknown, variable: string, length: number): Rest[] {
  const tokens: Rest[] = [];
  for (const part of list(value, 'the text')) {
    const [places, token] = list(part, 'a part of the text').map((text) => string(text, 'a part of the text'));
    const [from, to] = new Words(places, '', 0, 0n).range();
    demand(
      from === BigInt(tokens.length + 1) && to >= from && to <= BigInt(length),
      'the places of the text are not in order',
    );
    for (let t = from; t <= to; t++) tokens.push(operation('sum', [new Words(token, variable, length, t).whole()]));
  }
  demand(tokens.length > 0, 'the text has no token');
  return tokens;
}
