import { closed, type Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { list, record, string } from '../network.js';
import { compared } from '../relations.js';

/** Data: `relations` [[left, relation, right], ...] between rational numbers, as formulas with + - * /. */
export const arithmetic: Rule = ({ expressions }, data) => {
  const { relations } = record(data, 'the data', ['relations']);
  const value = (text: unknown) => {
    const e = expressions.parse(text, () => undefined);
    demand(e.kind === 'number', `${brief(text)} is no rational number`);
    return { lo: e.value, hi: e.value };
  };
  demand(list(relations, 'relations').length > 0, 'there are no relations');
  const shown = list(relations, 'relations').map((relation) => {
    const [left, sign, right] = list(relation, 'a relation').map((text) => string(text, 'a part of a relation'));
    demand(compared(value(left), sign, value(right)) === true, `it is not true that ${left} ${sign} ${right}`);
    return `${left} ${sign} ${right}`;
  });
  return closed({ kind: 'arithmetic', relations }, `${shown.join(' and ')} (arithmetic, not about the network)`);
};
