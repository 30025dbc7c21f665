import type { Network } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import { parseStatement, type Statement } from '../../../statement/index.js';
import { goalsOf } from '../../question/goal.js';
import { Names } from '../../question/names.js';
import type { Proof } from '../../theorem.js';
import { proveRelation, type Search } from './relation.js';

/** How close the ends of a bound come that is asked for by `?`, unless said otherwise. */
const WIDTH = Rational.of(1, 10 ** 6);

/**
 * What `exhibit prove` can show of a statement about a network, for a claim that `says` the same text. Outputs and named
 * nodes may stand in it. Throws InputError where it does not parse or names something that the network has not.
 */
export function proveStatement(network: Network, text: string, search: Partial<Search> = {}): Proof {
  const statement = parseStatement(text);
  const model = { name: null, file: 'the network', sha256: '', network };
  return proveRelations(statement, new Names([model], statement.prefix), search);
}

/** All relations of a statement, one after the other. */
export function proveRelations(
  { relations }: Statement,
  names: Names,
  { width = WIDTH, deadline, progress = () => {} }: Partial<Search>,
): Proof {
  const goals = relations.flatMap((relation) => goalsOf(relation, names));
  const proofs = goals.map(({ relation }) => proveRelation(relation, names, { width, deadline, progress }));
  return {
    outcomes: proofs.flatMap(({ outcomes }) => outcomes),
    method: [...new Set(proofs.map(({ method }) => method))].join('; '),
    notes: [...new Set(proofs.flatMap(({ notes = [] }) => notes))],
  };
}
