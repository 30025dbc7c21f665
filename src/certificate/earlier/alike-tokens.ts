import { single } from '../../checker/forms.js';
import { type EarlierStep, type Translation, Untranslated } from './translation.js';

/** The soft minimum of a column of any number of inputs, by the lemma of the book for means over rows that are alike. */
export function alikeTokens(claim: Translation, { id, data: { output, lambda } }: EarlierStep): readonly string[] {
  const { session } = claim;
  const { nodes } = session.network;
  const node = session.output(output);
  const sum = nodes[node].op === 'reshape' ? nodes[node].inputs[0] : node;
  const factors = nodes[nodes[sum].inputs[0]].inputs;
  const weights = factors.find((k) => nodes[k].op === 'softmax');
  const values = factors.find((k) => nodes[k].op !== 'softmax');
  const of = nodes.findIndex(({ op }) => op === 'input');
  if (weights === undefined || values === undefined || of < 0)
    throw new Untranslated(`${output} is no mean over tokens`);
  const [logit] = session.row(of, nodes[weights].inputs[0]);
  const beta = logit.terms.get(single(session.atoms.given(of, 0)))?.neg();
  const { name, shape } = nodes[of];
  const data = {
    lemma: 'soft-minimum',
    with: { I: `1..${shape[0]}`, beta: `${beta}`, lambda },
    ...{ domain: { [name]: null }, of, values, weights, sum, node, column: 0, entry: 0 },
    ...{ target: `${name}[t,1]`, error: ['0', '0'] },
  };
  return claim.write({ id, rule: 'row-means', premises: [], data });
}
