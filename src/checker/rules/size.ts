import { closed, type Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { type Fields, fraction, index, list, type Network, type Node, record, sizeOf } from '../network.js';

/** Data: the weights of the network, those counted in full (`dense`) and those by nonzero entries (`sparse`), `count`. */
export const counting: Rule = ({ network }, data) => {
  const { dense, sparse, count } = record(data, 'the data', ['dense', 'sparse', 'count']);
  const weights = constantsOf(network, [...list(dense, 'weights'), ...list(sparse, 'weights')]);
  const isFull = weights.slice(0, (dense as readonly unknown[]).length);
  const full = isFull.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const total = weights.slice(isFull.length).reduce((sum, { entries }) => sum + entries.size, full);
  demand(count === `${total}`, `there are ${total} entries, stated are ${count}`);
  return closed(
    { kind: 'parameters', dense, sparse, count },
    `${named(network, [dense, sparse].flat())} hold ${count} numbers, ` +
      `counting ${(sparse as number[]).length > 0 ? `nonzero ones only at nodes ${sparse}` : 'every entry'}`,
  );
};

/** The named constants in words, and whether these are all. */
function named({ nodes }: Network, numbers: readonly unknown[]): string {
  const all = nodes.filter(({ op }) => op === 'constant').length;
  if (all === 0) return 'the constants of the network, of which there are none,';
  const share = numbers.length === all ? 'all' : numbers.length;
  return `the constants at nodes ${numbers.join(', ')} (${share} of the ${all} constants of the network)`;
}

/** The constants at the given nodes, each of which may be named once; none only where the network has none. */
function constantsOf({ nodes }: Network, numbers: readonly unknown[]): Node[] {
  demand(numbers.length > 0 || nodes.every(({ op }) => op !== 'constant'), 'it names no constant');
  const seen = new Set<number>();
  return numbers.map((number) => {
    const k = index(number, nodes.length, 'the number of a node');
    demand(nodes[k].op === 'constant' && !seen.has(k), `node ${k} is no constant, or named twice`);
    seen.add(k);
    return nodes[k];
  });
}

/** Data: `constants`, numbers of nodes, a `bound` of their entries, what the largest is at `least`, or both. */
export const weight: Rule = ({ network }, data) => {
  const { constants, ...ends } = record(data, 'the data', ['constants', 'bound', 'least']);
  const entries = constantsOf(network, list(constants, 'constants')).flatMap((node) => [...node.entries.values()]);
  const largest = entries.reduce((most, entry) => most.max(entry.abs()), Fraction.zero);
  const most = `the largest absolute value of an entry of ${named(network, constants as readonly unknown[])}`;
  return closed({ kind: 'weight', constants, ...ends }, held(most, largest, ends));
};

/** That a number keeps to a `bound`, is at `least` another number, or both, in words. */
function held(text: string, found: Fraction, { bound, least }: Fields): string {
  demand(bound !== undefined || least !== undefined, 'there is no bound');
  const isIn = (end: unknown, holds: (end: Fraction) => boolean) =>
    end === undefined || holds(fraction(end, 'a bound'));
  demand(isIn(bound, (end) => found.le(end)) && isIn(least, (end) => end.le(found)), () => `${text} is ${found}`);
  const ends = [bound === undefined ? [] : [`at most ${bound}`], least === undefined ? [] : [`at least ${least}`]];
  return `${text} is ${ends.flat().join(' and ')}`;
}

/** Operations that are linear in their arguments; a product is in each factor, a quotient in the first; all others are nonlinear. */
const LINEAR = 'input constant add sub reduceSum transpose reshape concat gather recurrence'.split(' ');

const QUANTITIES: Readonly<Record<string, { readonly of: (network: Network) => number; readonly text: string }>> = {
  units: {
    of: ({ nodes }, isNonlinear = nonlinear(nodes)) =>
      nodes.reduce((total, { shape }, k) => total + (isNonlinear[k] ? sizeOf(shape) : 0), 0),
    text: 'the number of results of nonlinear operations of the network (all but sums, moves of entries and products with constants)',
  },
  width: {
    of: ({ nodes }, isNonlinear = nonlinear(nodes)) =>
      nodes.reduce((most, { shape }, k) => (isNonlinear[k] ? Math.max(most, sizeOf(shape)) : most), 0),
    text: 'the largest number of results of one nonlinear operation of the network',
  },
  depth: {
    of: ({ nodes, outputs }, isNonlinear = nonlinear(nodes)) => {
      const depths: number[] = [];
      for (const [k, { inputs }] of nodes.entries()) {
        const below = inputs.reduce((most, input) => Math.max(most, depths[input]), 0);
        depths.push(below + (isNonlinear[k] ? 1 : 0));
      }
      return [...outputs.values()].reduce((most, node) => Math.max(most, depths[node]), 0);
    },
    text: 'the largest number of nonlinear operations on a way from an input to an output of the network',
  },
};

/** Data: a `quantity` of the network and a `bound` of it, what it is at `least`, or both. */
export const size: Rule = ({ network }, data) => {
  const { quantity, ...ends } = record(data, 'the data', ['quantity', 'bound', 'least']);
  const isKnown = typeof quantity === 'string' && Object.hasOwn(QUANTITIES, quantity);
  demand(isKnown, `${brief(quantity)} is no quantity`);
  const { of, text } = QUANTITIES[quantity];
  const statement = held(text, Fraction.of(of(network)), ends);
  return closed({ kind: 'size', quantity, ...ends }, statement);
};

/** For each node, whether it is nonlinear in the inputs by itself; products are, where both factors depend on inputs. */
function nonlinear(nodes: Network['nodes']): boolean[] {
  const depends: boolean[] = [];
  return nodes.map(({ op, inputs }) => {
    const varying = inputs.filter((input) => depends[input]).length;
    depends.push(op === 'input' || varying > 0);
    demand(
      op !== 'recurrence' || inputs.slice(1).every((input) => !depends[input]),
      'the matrix of a recurrence varies',
    );
    if (op === 'mul' || op === 'matmul') return varying === 2;
    return op === 'div' ? depends[inputs[1]] : !LINEAR.includes(op);
  });
}
