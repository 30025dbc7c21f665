import type { Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import type { Fraction } from '../fraction.js';
import { list, record, string } from '../network.js';

const RELATIONS: Readonly<Record<string, (a: Fraction, b: Fraction) => boolean>> = {
  '=': (a, b) => a.equals(b),
  '<=': (a, b) => a.le(b),
  '>=': (a, b) => b.le(a),
  '>': (a, b) => b.lt(a),
};

/** Data: `relations` [[left, relation, right], ...] between rational numbers, as formulas with + - * /. */
export const arithmetic: Rule = ({ expressions }, data) => {
  const { relations } = record(data, 'the data', ['relations']);
  const value = (text: unknown) => {
    const e = expressions.parse(text, () => undefined);
    demand(e.kind === 'number', `${brief(text)} is no rational number`);
    return e.value;
  };
  demand(list(relations, 'relations').length > 0, 'there are no relations');
  const shown = list(relations, 'relations').map((relation) => {
    const [left, sign, right] = list(relation, 'a relation').map((text) => string(text, 'a part of a relation'));
    demand(Object.hasOwn(RELATIONS, sign), `${brief(sign)} is no relation`);
    demand(RELATIONS[sign](value(left), value(right)), `it is not true that ${left} ${sign} ${right}`);
    return `${left} ${sign} ${right}`;
  });
  return {
    kind: 'closed',
    conclusion: { kind: 'arithmetic', relations },
    statement: `${shown.join(' and ')} (arithmetic, not about the network)`,
  };
};
