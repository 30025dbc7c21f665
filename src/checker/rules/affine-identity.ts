import { formOf } from '../calculus.js';
import { listed } from '../digest.js';
import { closed, type Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { difference, isZero } from '../forms.js';
import { list, record } from '../network.js';

/** Data: `node`, and the text of each of its `entries`. Their forms in the inputs are the node's. */
export const affineIdentity: Rule = (session, data) => {
  const fields = record(data, 'the data', ['node', 'entries']);
  const node = session.node(fields.node);
  const stated = list(fields.entries, 'entries');
  const forms = session.entries(node);
  demand(forms.length === stated.length, `node ${node} has ${forms.length} entries, stated are ${stated.length}`);
  for (const [k, text] of stated.entries()) {
    const form = formOf(session.expressions.parse(text, session.names), session.atoms, (name) => session.input(name));
    demand(
      form !== null && isZero(difference(form, forms[k])),
      () => `entry ${k} of node ${node} is not ${brief(text)}`,
    );
  }
  return closed(
    { kind: 'identity', node, entries: stated },
    `for all real inputs the ${forms.length} entries of node ${node} are ${listed(stated)}`,
  );
};
