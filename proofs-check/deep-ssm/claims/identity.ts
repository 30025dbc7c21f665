/** Claims that the built network has the target's impulse response, for every time and for every input. */
import {
  type Claim,
  type Finding,
  type Gaussian,
  largestEntry,
  type Network,
  point,
  proveImpulseValues,
  proveTransferIdentity,
  Rational,
  readStateSpace,
  type StateSpace,
  type Step,
  summarise,
  toDecimal,
} from '../../../src/index.js';

/** What the claims need to know of a design: the target, as a one-layer model. */
export interface Targeted {
  readonly target: StateSpace;
}

/** A finding for a network that is not of the form a proof can read. */
export function unreadable(reason: string, method: string): Finding {
  return { verdict: 'undecided', predicted: null, enclosure: null, witness: null, steps: [], method, facts: [reason] };
}

type Identity = ReturnType<typeof proveTransferIdentity>;

const proofs = new WeakMap<Network, WeakMap<StateSpace, Identity>>();

/** The proof that a network's model has the target's transfer function, worked out once however many claims need it. */
export function transferIdentityOf(network: Network, model: StateSpace, target: StateSpace): Identity {
  const known = proofs.get(network) ?? new WeakMap<StateSpace, Identity>();
  proofs.set(network, known);
  const statement = "the network's transfer function is sum_i alpha_i/(1 - lam_i w)";
  const proof = known.get(target) ?? proveTransferIdentity(model, target, 'transfer-function', statement);
  known.set(target, proof);
  return proof;
}

/** G_network = G_target as rational functions. */
export const errorClaim: Claim<unknown, Targeted> = {
  id: 'error',
  kind: 'identity',
  statement: "the network's impulse response is rho(t) = sum_i alpha_i lam_i^t for every t",
  tex: "C' (I - A_l w)^{-1} B_l \\cdots B_2 (I - A_1 w)^{-1} B_1 = \\sum_i \\frac{\\alpha_i}{1 - \\lambda_i w}",
  trust: 'proved',
  prove: ({ network, design: { target } }) => {
    const method = 'equality of rational functions at as many integers as their degree needs';
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, method);
    const { step, points, disagreement } = transferIdentityOf(network, model, target);
    const bits = longest(network);
    return {
      verdict: step.verdict,
      predicted: Rational.zero,
      enclosure: step.verdict === 'proved' ? point(Rational.zero) : null,
      witness: disagreement && {
        w: disagreement.w,
        network: shown(disagreement.found),
        target: shown(disagreement.expected),
      },
      ...withModes(step, target),
      method,
      facts: [`${points} points compared; the longest weight has ${bits} bits in numerator and denominator together`],
    };
  },
};

/**
 * The step and its closed statement, where the target is a sum of modes alpha_i lam_i^t; with a length, about inputs of up
 * to so many entries.
 */
export function withModes(
  step: Step,
  { layers, C }: StateSpace,
  length?: number,
): Pick<Finding, 'steps' | 'conclusion'> {
  const [{ poles, B }] = layers;
  if (step.verdict !== 'proved' || layers.length !== 1 || B.some((row) => row.length !== 1)) return { steps: [step] };
  const text = ({ re, im }: Gaussian) => [re.toString(), im.toString()] as const;
  const modes = C.map(([i, weight]) => [text(weight.mul(B[i][0][1])), text(poles[i])] as const);
  const fields = length === undefined ? { modes } : { modes, length };
  const rule = 'transfer-identity';
  return { steps: [{ ...step, rule, data: () => fields }], conclusion: () => ({ kind: 'response', ...fields }) };
}

/** What a network is to be made of: layers of at most `width` states, and |b|^(2 power) <= value for their entries. */
interface Form {
  readonly layers: number;
  readonly width: number;
  readonly power: number;
  readonly value: Rational;
}

/** A step that a network of diagonal stable layers is of the form, with its closed statement and that of the premise. */
export function withForm(
  { value, ...form }: Form,
  premise?: Pick<Finding, 'steps' | 'conclusion'>,
): Pick<Finding, 'steps' | 'conclusion'> {
  const fields = { ...form, value: value.toString() };
  const response = premise?.conclusion?.();
  const statement = `at most ${form.layers} stable layers of width ${form.width}, |b|^${2 * form.power} <= ${fields.value}`;
  const base = { id: 'form', rule: 'state-space', statement, verdict: 'proved' as const, enclosure: null };
  const premises = premise ? premise.steps.map(({ id }) => id) : [];
  return {
    steps: [...(premise?.steps ?? []), { ...base, premises, data: () => fields }],
    conclusion: () => ({
      kind: 'state-space',
      ...fields,
      ...(response?.kind === 'response' && { response }),
    }),
  };
}

/** The first 2N values, by running the recurrence: an independent second check. */
export const kernelClaim: Claim<unknown, Targeted> = {
  id: 'kernel',
  kind: 'identity',
  statement: 'the first values of the impulse response, by the recurrence in exact arithmetic, are those of the target',
  tex: "C' h_l(t) = \\sum_i \\alpha_i \\lambda_i^t,\\quad t < 2N",
  trust: 'proved',
  prove: ({ network, design: { target } }) => {
    const method = 'exact recurrence';
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, method);
    const { step, compared, difference } = proveImpulseValues(model, target, 2 * target.C.length, 'impulse-values');
    const { verdict, statement } = step;
    const proof = withModes(step, target, compared);
    return { verdict, statement, predicted: null, enclosure: null, witness: difference, ...proof, method };
  },
};

/** l layers of width m with diagonal, stable A_k. */
export const shapeClaim: Claim<{ l: number; m: number }, unknown> = {
  id: 'shape',
  kind: 'quantity',
  statement: 'the network has l layers of width m, each A_k diagonal with entries below 1 in modulus',
  tex: 'A_k = \\mathrm{diag}(\\lambda_{k,1}, \\dots, \\lambda_{k,m}),\\; |\\lambda_{k,j}| < 1,\\; k \\le l',
  trust: 'proved',
  prove: ({ network, params: { l, m } }) => proveShape(network, l, m),
};

export function proveShape(network: Network, l: number, m: number): Finding {
  const method = 'reading the weights';
  const model = readStateSpace(network);
  if (typeof model === 'string') return unreadable(model, method);
  const widths = model.layers.map(({ poles }) => poles.length);
  const moduli = model.layers.flatMap(({ poles }) => poles.map((pole) => pole.squaredModulus()));
  const largest = moduli.reduce((most, squared) => most.max(squared), Rational.zero);
  const top = largestEntry(model).squared;
  const isSmall = widths.length <= l && widths.every((width) => width <= m);
  const isStable = largest.lt(Rational.one);
  return {
    verdict: isSmall && isStable ? 'proved' : 'refuted',
    statement: `the network has at most ${l} layers of width at most ${m}, each A_k diagonal with entries below 1 in modulus`,
    predicted: null,
    enclosure: null,
    witness: isSmall && isStable ? null : { widths: widths.join(', '), largestSquaredModulus: largest.toString() },
    ...(isSmall && isStable ? withForm({ layers: l, width: m, power: 1, value: top }) : { steps: [] }),
    method,
    facts: [
      `${widths.length} layers of widths up to ${Math.max(...widths)}, ${summarise(network).nonzero} nonzero weights`,
      `the largest |pole|^2 is ${toDecimal(largest, 6, 'up')}`,
    ],
  };
}

function shown({ re, im }: { re: Rational; im: Rational }): string {
  return `${toDecimal(re, 17, 'nearest')} + ${toDecimal(im, 17, 'nearest')}i`;
}

/** Binary digits of the weight that has most, numerator and denominator together. */
function longest(network: Network): number {
  return network.nodes.reduce((most, node) => {
    if (node.op !== 'constant') return most;
    const { value } = node.attributes as { value: { data: readonly Rational[] } };
    return value.data.reduce(
      (top, { num, den }) => Math.max(top, num.toString(2).replace('-', '').length + den.toString(2).length),
      most,
    );
  }, 0);
}
