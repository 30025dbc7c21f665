import { InputError, quote } from '../errors.js';
import { dependence } from '../evaluate/dependence.js';
import { compile } from '../evaluate/evaluate.js';
import { isOp, Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';

/**
 * Refuses a network with a quotient by 0, whatever its inputs are: attention under a mask with an empty row divides by such a sum, and
 * gives NaN in a runtime. Throws InputError, which names the quotient and the place.
 */
export function demandDivisors(network: Network): void {
  const quotients = network.nodes.filter((node) => isOp(node, 'div'));
  if (quotients.length === 0) return;
  const part = new Network(quotients.map(({ inputs }, k) => ({ name: `${k}`, node: inputs[1] })));
  const inputs = part.inputs.map(({ shape, attributes: { name } }) => {
    const lengths = sizes(shape);
    return [name, new Tensor(lengths, new Array<number>(sizeOf(lengths)).fill(0))] as const;
  });
  const divisors = compile(part, dependence)(Object.fromEntries(inputs));
  for (const [k, { name, inputs: args }] of quotients.entries()) {
    const at = divisors[k].dense(dependence.zero).indexOf(dependence.zero);
    if (at < 0) continue;
    throw new InputError({
      found: `${quote(name)} divides by entry ${at + 1} of ${sizeOf(sizes(args[1].shape))} of a tensor, which is 0 for every input`,
      allowed: 'divisors that are not 0 throughout',
      mend: 'leave an entry in every row of a mask',
    });
  }
}
