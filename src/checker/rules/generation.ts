import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { index, list, record, string } from '../network.js';
import { type Claim, demandUnits, hintsOf, holderOf, Leads } from '../sequences/lead.js';
import { operation, type Residual } from '../sequences/residual.js';
import type { Filter } from '../sequences/scan.js';
import { Words } from '../sequences/words.js';

const FIELDS = ['variable', 'prompts', 'text', 'output', 'first'];

/**
 * Data: the `text` [[places, token], ...] that the `output` writes behind `prompts`, the number `first` of the token that the
 * first entry of a row scores, for each token of the text the `pins` and the `order` of free tokens, and how `fine` classes are told apart. Step t is shown for all sequences that begin with a prompt and the first t - 1 tokens of the text, whatever stands
 * behind: the right token has the largest entry, alone. By induction the network writes the text.
 */
export const generation: Rule = (session, data) => {
  const fields = record(data, 'the data', [...FIELDS, 'pins', 'orders', 'fine']);
  const [variable, prompts] = [string(fields.variable, 'the variable'), string(fields.prompts, 'the prompts')];
  const { network } = session;
  const node = session.output(fields.output);
  const first = index(fields.first, 2 ** 20, 'the first token');
  const prompt = new Words(prompts, '', 0, 0n).whole((words) => words.alphabets());
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
