import { spend } from './budget.js';
import { type Form, single } from './forms.js';
import { Fraction } from './fraction.js';
import type { Numbers } from './inputs.js';
import { type Network, sizeOf } from './network.js';
import type { Session } from './session.js';

/**
 * The value of a node of one number where that is c + a u + sum a_k relu(u + c_k) for one number u on the way to it that is an
 * affine form in the inputs: worked out at many inputs in the time of a search among the -c_k, by the sums of a_k and
 * a_k c_k over those below u; or where it is such a form itself. Null for other nodes.
 */
export function pieces(session: Session, node: number): ((numbers: Numbers) => Fraction) | null {
  const { network } = session;
  const u = narrowest(network, node);
  const inputs = network.nodes.flatMap(({ op }, k) => (op === 'input' ? [k] : []));
  if (u === null)
    return network.nodes.slice(0, node).some(({ op }) => BENT.has(op)) ? null : affine(session, inputs, node);
  const argument = affine(session, inputs, u);
  const { forms, symbol } = session.between([u], node);
  const value = argument && piecewise(session, forms[0], single(symbol(u, 0)));
  return argument && value ? (numbers) => value(argument(numbers)) : null;
}

/** Operations whose results no form follows from, or a long one. */
const BENT: ReadonlySet<string> = new Set(['relu', 'min', 'max', 'reduceMin', 'reduceMax', 'recurrence']);

/** The first node of one number through which all inputs reach `node`, itself aside. */
function narrowest({ nodes }: Network, node: number): number | null {
  for (let u = 0; u < node; u++) {
    spend(10);
    if (nodes[u].op === 'constant' || nodes[u].op === 'input' || sizeOf(nodes[u].shape) !== 1) continue;
    const seen = new Set<number>();
    const stack = [node];
    let [isReached, isAround] = [false, false];
    for (let k = stack.pop(); k !== undefined; k = stack.pop()) {
      spend(10);
      if (k === u) isReached = true;
      else if (nodes[k].op === 'input') isAround = true;
      else if (!seen.has(k)) {
        seen.add(k);
        stack.push(...nodes[k].inputs);
      }
    }
    if (isReached && !isAround) return u;
  }
  return null;
}

/** A node of one number as an affine form in the inputs' entries. */
function affine(session: Session, inputs: readonly number[], node: number): ((numbers: Numbers) => Fraction) | null {
  const { forms, symbol } = session.between(inputs, node);
  const { constant, terms } = forms[0];
  const places = inputs.flatMap((input) =>
    Array.from({ length: sizeOf(session.network.nodes[input].shape) }, (_, at) => {
      spend(20);
      return { input, at, factor: terms.get(single(symbol(input, at))) };
    }),
  );
  const used = places.flatMap(({ input, at, factor }) => (factor ? [{ input, at, factor }] : []));
  if (used.length < terms.size) return null;
  return (numbers) =>
    used.reduce((sum, { input, at, factor }) => sum.add(factor.mul(numbers.get(input)![at])), constant);
}

/** A form in relu(u + c_k) and u, the symbol `u`, as a function of its value. */
function piecewise({ atoms }: Session, form: Form, u: number): ((value: Fraction) => Fraction) | null {
  const units: { readonly shift: Fraction; readonly factor: Fraction }[] = [];
  for (const [number, factor] of form.terms) {
    if (number === u) continue;
    const atom = atoms.get(number);
    const isUnit = atom.kind === 'relu' && atom.of.terms.size === 1 && atom.of.terms.get(u)?.equals(Fraction.one);
    if (!isUnit) return null;
    units.push({ shift: atom.of.constant, factor });
  }
  spend(100 * units.length);
  units.sort((a, b) => b.shift.compare(a.shift));
  const slopes = [form.terms.get(u) ?? Fraction.zero];
  const constants = [form.constant];
  units.forEach(({ shift, factor }, k) => {
    slopes.push(slopes[k].add(factor));
    constants.push(constants[k].add(factor.mul(shift)));
  });
  return (value) => {
    let [low, high] = [0, units.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value.add(units[middle].shift).n > 0n) low = middle + 1;
      else high = middle;
    }
    return slopes[low].mul(value).add(constants[low]);
  };
}
