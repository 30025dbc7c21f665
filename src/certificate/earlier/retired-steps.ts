import { hold, spend } from '../../checker/budget.js';
import { sizeOf } from '../../checker/network.js';
import type { Session } from '../../checker/session.js';
import { alikeTokens } from './alike-tokens.js';
import { softExtremum } from './soft-extremum.js';
import { type EarlierStep, type Translate, type Translation, Untranslated } from './translation.js';

/** For each retired rule, what says the same today. */
export const TRANSLATIONS: Readonly<Record<string, Translate>> = {
  'soft-minimum': softExtremum('min'),
  'gated-mass': softExtremum('min'),
  'soft-maximum': softExtremum('max'),
  'alike-tokens': alikeTokens,
  'inner-function': innerFunction,
  'same-target': sameTarget,
  evaluation: (claim, { id, data }) =>
    counterexample(claim.session, data).flatMap((instance, k) =>
      claim.write({ id: `${id}.${k + 1}`, rule: 'instance', premises: [], data: instance }),
    ),
};

/** The conclusion in the words of today: the same one, except that a counterexample is an instance of a sentence. */
export function translatedConclusion(session: Session, conclusion: unknown): unknown {
  const fields = conclusion as EarlierStep['data'];
  if (fields?.kind !== 'evaluation') return conclusion;
  return { kind: 'all', of: counterexample(session, fields).map((data) => ({ kind: 'instance', ...data })) };
}

/** That |output - target| <= bound fails at a point of the domain, since it is at least a larger number there. */
function counterexample(session: Session, { output, domain, inputs, target, least, bound }: EarlierStep['data']) {
  const sides = Object.entries(domain as Record<string, readonly string[] | null>).map(([name, side]) => {
    const { shape } = session.network.nodes.find((node) => node.op === 'input' && node.name === name)!;
    const power = sizeOf(shape) === 1 ? '' : `^${shape.length === 1 ? shape[0] : `(${shape.join('x')})`}`;
    return `${name} in ${side === null ? 'R' : `[${side.join(', ')}]`}${power}`;
  });
  const sentence = (relation: string) => `for all ${sides.join(', ')}: |${output} - (${target})| ${relation}`;
  return [
    { text: sentence(`<= ${bound}`), point: inputs, holds: false },
    { text: sentence(`>= ${least}`), point: inputs, holds: true },
  ];
}

/** A premise's target as another text of the same polynomial: a conclusion names it by itself. */
function sameTarget(claim: Translation, { data, premises }: EarlierStep): readonly string[] {
  const { target } = claim.conclusion as { readonly target?: unknown };
  if (target !== data.target) throw new Untranslated('the target is not that of the conclusion');
  return claim.renewed(premises);
}

/** A function of the number z, against a text in z; premises say what z is and where it lies. So it is one of the inputs. */
function innerFunction(claim: Translation, step: EarlierStep): readonly string[] {
  const [value, range, ...others] = step.premises;
  if (range === undefined || others.length > 0) throw new Untranslated(`step ${step.id} does not rest on two steps`);
  const { node, lo, hi } = step.data;
  const { domain } = claim.step(value).data;
  const data = { node, domain, entries: '0', target: textOf(claim, step), lo, hi };
  return claim.write({ id: step.id, rule: 'sup-norm', premises: claim.renewed(step.premises), data });
}

/** The target of a step, with that of z in the place of z. */
function textOf(claim: Translation, { rule, data, premises }: EarlierStep): string {
  const target = String(data.target);
  if (rule !== 'inner-function') return target;
  const z = textOf(claim, claim.step(premises[0]));
  const parts = target.split(/\bz\b/);
  const length = target.length + parts.length * z.length;
  spend(length);
  hold(length);
  return parts.join(`(${z})`);
}
