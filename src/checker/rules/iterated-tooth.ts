import { demand } from '../failure.js';
import { combine, equal } from '../forms.js';
import { Fraction } from '../fraction.js';
import { Line } from '../line.js';
import { list, record, sizeOf } from '../network.js';
import type { Rule } from '../session.js';
import { exactValue } from './inner-function.js';

const UNIT = { lo: Fraction.zero, hi: Fraction.one };
const TOOTH = '0 0, 1/2 1, 1 0';

/**
 * Data: the nodes z = `layers`[0], ..., [m], of one entry each, and `node`. Each layer is g(u) = 2 min(u, 1 - u) of the one
 * before on [0, 1], so layer s is g^(s)(z) where z is in [0, 1], and node = z - sum layer_s/4^s. Its error against z^2 is
 * E_m(z) = E_(m-1)(g(z))/4 with E_0(z) = z - z^2 in [0, 1/4]: in [0, 4^(-m-1)]. Premises: the value of z, exactly, and its
 * range.
 */
export const iteratedTooth: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'layers']);
  const [node, layers] = [session.node(fields.node), list(fields.layers, 'layers').map((layer) => session.node(layer))];
  const isSingle = (k: number) => sizeOf(session.network.nodes[k].shape) === 1;
  demand([node, ...layers].every(isSingle), 'a layer is not one number');
  const { domain, target, range } = exactValue(session, layers[0], premises);
  demand(range.lo.n >= 0n && range.hi.le(Fraction.one), 'the first layer may leave [0, 1]');
  for (const [k, layer] of layers.slice(1).entries()) {
    const { forms } = session.between([layers[k]], layer);
    const corners = new Line(session.atoms, UNIT).curveOf(forms[0]).map(([x, y]) => `${x} ${y}`);
    demand(corners.join(', ') === TOOTH, `node ${layer} is not the tooth of node ${layers[k]}`);
  }
  const { forms, symbol } = session.between(layers, node);
  const share = (s: number) => (s === 0 ? Fraction.one : Fraction.of(-1, 4n ** BigInt(s)));
  const stated = combine(layers.map((layer, s) => [symbol(layer, 0), share(s)]));
  demand(equal(forms[0], stated), `node ${node} is not z minus the layers over 4^s`);
  const bound = {
    target: session.expressions.power(target, Fraction.of(2)),
    lo: Fraction.zero,
    hi: Fraction.of(1, 4n ** BigInt(layers.length)),
  };
  return { kind: 'within', domain, node, entries: new Map([[0, bound]]) };
};
