import type { Result } from '../audit/verify.js';
import { sha256 } from '../network/canonical.js';
import { summarise } from '../network/summary.js';
import { toDecimal } from '../numbers/decimal.js';
import type { Rational } from '../numbers/rational.js';
import type { Step } from '../proof/step.js';
import type { Enclosure } from '../proof/verdict.js';
import { tool } from '../version.js';
import { type Circumstances, circumstancesJson } from './circumstances.js';
import type { Figures } from './figures/figures.js';

/** Digits of printed numbers, unless asked otherwise. */
const SHOWN_DIGITS = 17;

/** An enclosure with its ends rounded outward to decimals. */
export function showEnclosure(
  enclosure: Enclosure | null,
  digits = SHOWN_DIGITS,
): [string | null, string | null] | null {
  return enclosure && [down(enclosure.lo, digits), up(enclosure.hi, digits)];
}

/** What the result itself does not know of how it came about. */
export type ResultCircumstances = Omit<Circumstances, 'bounds' | 'seed' | 'digits'>;

/** The result of `verify` as the JSON document that scripts rely on. */
export function resultJson(result: Result, circumstances: ResultCircumstances, figures?: Figures): object {
  const { digits, seed, bounds } = result;
  const summary = summarise(result.network);
  return {
    tool: tool(),
    ...circumstancesJson({ ...circumstances, bounds, seed, digits }),
    theorem: result.theorem.id,
    params: result.params,
    verdict: result.verdict,
    claims: result.claims.map((found) => ({
      id: found.id,
      kind: found.claim.kind,
      statement: found.statement ?? found.claim.statement,
      tex: found.tex ?? ('tex' in found.claim ? found.claim.tex : null),
      verdict: found.verdict,
      ...(found.checked !== undefined && { checked: found.checked }),
      predicted: up(found.predicted, digits),
      enclosure: showEnclosure(found.enclosure, digits),
      witness: found.witness,
      steps: found.steps.map((step) => stepJson(step, digits)),
      method: found.method,
      source: found.claim.trust ?? 'proved',
      facts: found.facts ?? [],
      seconds: found.seconds,
    })),
    hypotheses: result.hypotheses,
    network: {
      sha256: sha256(result.network),
      parameters: summary.parameters,
      nonzero: summary.nonzero,
      maxAbsWeight: up(summary.maxAbsWeight, digits),
      depth: summary.depth,
      width: summary.width,
      layers: summary.layers.map((layer) => ({ ...layer, maxAbsWeight: up(layer.maxAbsWeight, digits) })),
    },
    notes: result.notes,
    statementOfTheorem: result.theorem.statement,
    ...(result.theorem.written && { definitions: result.theorem.written.definitions }),
    origin: result.theorem.source,
    ...(figures && { figures }),
    seconds: result.seconds,
    ...(result.checkSeconds !== undefined && { checkSeconds: result.checkSeconds }),
  };
}

/** A step with the ids of the steps that it rests on and the lemma of its rule, as `explain` and pages show them. */
function stepJson(step: Step, digits: number): object {
  const { id, rule, statement, verdict, enclosure, difference, premises = [], lemma, book } = step;
  return {
    ...{ id, rule, statement, verdict, enclosure: showEnclosure(enclosure, digits), premises },
    ...(lemma !== undefined && { lemma }),
    ...(book !== undefined && { book }),
    ...(difference !== undefined && { difference }),
  };
}

function down(value: Rational | null, digits: number): string | null {
  return value && toDecimal(value, digits, 'down');
}

function up(value: Rational | null, digits: number): string | null {
  return value && toDecimal(value, digits, 'up');
}
