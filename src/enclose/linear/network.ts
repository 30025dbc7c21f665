import { InputError, quote } from '../../errors.js';
import { compile } from '../../evaluate/evaluate.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type * as E from '../../symbolic/index.js';
import type { Domain } from '../box.js';
import type { Stop, Supremum } from '../supremum.js';
import { combine, constantForm, type Form, Graph } from './graph.js';
import { expressionForm, forms } from './network-forms.js';
import { search } from './search.js';
import { translate } from './translate.js';

/** factor times an entry of an output of a network. */
export interface OutputTerm {
  readonly network: Network;
  readonly output: string;
  /** Of the output's entries in row-major order; the first unless given. */
  readonly index?: number;
  readonly factor: Rational;
}

/** factor times a formula in the variables of the box. */
export interface FormulaTerm {
  readonly formula: E.Expression;
  readonly factor: Rational;
}

/**
 * u(x), a sum over networks and formulas. The variables of the box are the entries of each network's inputs, one input
 * after the other in row-major order.
 */
export type Terms = readonly (OutputTerm | FormulaTerm)[];

/**
 * sup over the box of u, or of |u| for `size`: rigorous and two-sided, the lower end attained at the exact `witness`.
 * Networks and formulas are bounded together, so that what they share cancels. `hi` is null where u is not known to be
 * bounded: it may be undefined somewhere.
 *
 * Throws InputError for a network without that output or whose inputs do not fit the box, UnsupportedOperation where an
 * operation has no linear relaxation.
 */
export function encloseTerms(terms: Terms, box: Domain, of: 'value' | 'size', stop: Stop): Supremum {
  const graph = new Graph(box.variables.length);
  const entries = box.lo.map((from, i) => graph.coordinate(i, from, box.hi[i].sub(from)));
  const named = new Map(box.variables.map((name, i) => [name, entries[i]]));
  const parts = terms.map((term): readonly [Rational, Form] => {
    const isFormula = 'formula' in term;
    return [term.factor, isFormula ? expressionForm(graph, term.formula, named) : outputForm(graph, term, entries)];
  });
  return search(translate(graph, combine(Rational.zero, parts)), box, of, stop);
}

function outputForm(graph: Graph, { network, output, index = 0 }: OutputTerm, entries: readonly Form[]): Form {
  const lengths = network.inputs.map(({ shape }) => sizeOf(sizes(shape)));
  const length = lengths.reduce((sum, size) => sum + size, 0);
  if (length !== entries.length) {
    throw new InputError({
      found: `a network whose inputs have ${length} entries, on a box of ${entries.length} variables`,
      allowed: 'as many variables as entries',
    });
  }
  let used = 0;
  const inputs = network.inputs.map(({ attributes, shape }, i) => {
    used += lengths[i];
    return [attributes.name, new Tensor(sizes(shape), entries.slice(used - lengths[i], used))] as const;
  });
  const node = network.outputs.find(({ name }) => name === output)?.node;
  if (!node || !(index >= 0 && index < sizeOf(sizes(node.shape)))) {
    throw new InputError({
      found: node ? `entry ${index + 1} of output ${quote(output)}` : `no output ${quote(output)}`,
      allowed: 'an entry of an output of the network',
    });
  }
  const part = network.upTo(node);
  return compile(part, forms(graph))(Object.fromEntries(inputs))[node.name].at(index, constantForm(Rational.zero));
}
