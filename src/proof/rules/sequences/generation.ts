import { isPast } from '../../../deadline.js';
import { attainedAt, outputAt } from '../../../enclose/finite/attained.js';
import { inputOf } from '../../../enclose/finite/inputs.js';
import { boundMargin, type MarginFound } from '../../../enclose/finite/margin.js';
import type { MarginProblem } from '../../../enclose/finite/problem.js';
import { InputError } from '../../../errors.js';
import type { Target } from '../../../evaluate/target.js';
import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { toDecimal } from '../../../numbers/decimal.js';
import { Rational } from '../../../numbers/rational.js';
import {
  bind,
  integersOf,
  number,
  parseStatement,
  parseTermText,
  printStatement,
  printTerm,
  type Statement,
  type Term,
} from '../../../statement/index.js';
import { sequenceDomain } from '../../../statement/sequences/reading.js';
import { certified, type Fact, mint, type Outcome, open } from '../../fact.js';
import { exactly, qualitative, type Sentence, sentence, special, within } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { hintsOf } from './evidence.js';
import { type SequenceLimits, sequenceMargin, tokensOf } from './margin.js';
import { marginProblem, marginStatement } from './statement.js';

/** Token by token: where each prefix that the text runs through is continued by the right token, the text is. */
const generation: Rule = {
  id: 'generation',
  tex: '\\forall t:\\ \\arg\\max_k \\ell_k(s, f_1(s), \\ldots, f_{t-1}(s)) = f_t(s) \\;\\Rightarrow\\; \\text{the text is } f_1(s), \\ldots, f_m(s)',
};

/** A text that a network is to write behind a prompt. */
export interface Generation {
  /** The variable of the sequence, the name of the network's input. */
  readonly variable: string;
  /** All prompts: `{12} x {0..9}^10 x {10} x {0..9}^10 x {11}`. */
  readonly prompts: string;
  /**
   * The tokens of the text as functions of the prompt, in the number `t` of the token: the places t, written as a range
   * `1..10`, and the function.
   */
  readonly text: readonly { readonly places: string; readonly token: string }[];
  /** The output with one row of scores for each token, `logits`; row p scores what follows token p. */
  readonly output: string;
  /** The number of the token that the first entry of a row scores; 0 unless said otherwise. */
  readonly first?: number;
  /** What executes the network, rounding in any order; nobody, exactly, unless said otherwise. */
  readonly execution?: Target;
}

interface Step {
  readonly t: number;
  readonly statement: Statement;
  readonly problem: MarginProblem;
}

/** `for all s in ...: logits continues s by f(t) for t in 1..10, token by token`. Throws InputError for texts that do not parse. */
export function generationSentence({ variable, prompts, text, output, execution }: Generation): Sentence {
  const parts = text.map(({ places, token }) => `${printTerm(parseTermText(token))} for t in ${places}`);
  return qualitative(
    `for all ${variable} in ${prompts}: taking the token with the largest entry of ${output} each time, whatever stands behind, ` +
      `${variable} is continued by ${parts.join(', then ')}${executionText(execution)}`,
  );
}

function executionText(execution: Target | undefined): string {
  return execution ? `, executed in ${execution.dtype} on ${execution.provider}, with roundings in any order` : '';
}

/** The least lead of the right token over all others, over all prompts and steps. */
export function leadSentence(task: Generation, least: Rational | null): Sentence {
  return special(
    `the least lead of the right token in: ${generationSentence(task).text}`,
    least ? { lo: least } : { asked: true },
  );
}

/**
 * Proves that a network with inputs of a fixed length writes the text, for all prompts: step t for all sequences that begin with a
 * prompt and the first t - 1 tokens of the text, whatever stands behind. A text that it writes in another way is a
 * counterexample, verified token by token from the prompt on. Throws InputError where the task does not fit the network.
 */
export function proveGeneration(network: Network, task: Generation, limits: SequenceLimits = {}): readonly Outcome[] {
  const steps = stepsOf(network, task);
  const facts: Fact[] = [];
  const outcomes: Outcome[] = [];
  let least: Rational | null = null;
  /** How closely the checker has to look, and what it pins. */
  let fine = 0;
  const pins: number[][] = [];
  let narrow: { readonly step: Step; readonly places: readonly number[] } | null = null;
  for (const step of steps) {
    limits.progress?.(`token ${step.t} of ${steps.length}`);
    const found = boundMargin(step.problem, { ...limits, bound: Rational.zero });
    const id = `token${step.t}`;
    if (found.attained && found.attained.hi.sign() <= 0)
      return [deviation(network, task, steps, step, found.attained.places), ...outcomes];
    if (!found.isEmpty && (!found.lo || found.lo.sign() <= 0)) {
      const known =
        flip(step, found) ??
        (found.lo ? `the lead is at least ${toDecimal(found.lo, 6, 'down')} only` : 'no bound was found');
      return [
        ...outcomes,
        open(generation, id, printStatement(step.statement), found.reason ?? known, {
          lo: found.lo,
          hi: found.attained?.hi ?? null,
        }),
      ];
    }
    const hints = hintsOf(found);
    fine = Math.max(fine, hints.fine);
    pins.push(hints.pins);
    if (found.lo && found.worst && (!least || found.lo.lt(least)))
      [least, narrow] = [found.lo, { step, places: found.worst }];
    const fact = mint({
      rule: sequenceMargin,
      id,
      network,
      domain: null,
      says: task.execution
        ? special(`${printStatement(step.statement)}${executionText(task.execution)}`, {
            lo: Rational.zero,
            strict: true,
          })
        : sentence(printStatement(step.statement)),
      enclosure: { lo: found.lo, hi: found.attained?.hi ?? null },
      found,
    });
    facts.push(fact);
    outcomes.push(fact);
    if (isPast(limits.deadline) && step !== steps.at(-1))
      return [...outcomes, open(generation, `token${step.t + 1}`, printStatement(step.statement), 'the time limit')];
  }
  const whole = mint({
    rule: generation,
    id: 'text',
    network,
    domain: null,
    says: generationSentence(task),
    found: null,
    premises: facts,
    ...(task.execution === undefined &&
      certified(
        () => ({ kind: 'generation', ...statedTask(task) }),
        () => ({ pins, orders: steps.map(({ problem }) => problem.reading.free), fine }),
      )),
  });
  if (!least || !narrow) return [...outcomes, whole];
  const most = attainedAt(narrow.step.problem, narrow.places)?.hi ?? null;
  const says = within(leadSentence(task, null), { lo: least, hi: most });
  const lead = mint({
    rule: generation,
    id: 'lead',
    network,
    domain: null,
    says,
    enclosure: { lo: least, hi: most },
    found: null,
    premises: facts,
  });
  return [...outcomes, whole, lead];
}

function statedTask({ variable, prompts, text, output, first = 0 }: Generation) {
  const parts = text.map(({ places, token }) => [places, printTerm(parseTermText(token))] as const);
  return { variable, prompts, text: parts, output, first };
}

/** The statements about the tokens of the text, one after the other. */
function stepsOf(network: Network, task: Generation): Step[] {
  const { variable, prompts, output, first = 0 } = task;
  const prompt = parseStatement(`for all ${variable} in ${prompts}: 0 <= 1`).prefix!;
  const domain = sequenceDomain(prompt);
  if (!domain)
    throw new InputError({
      found: `the prompts ${prompts}`,
      allowed: 'sequences over finite sets, such as {12} x {0..9}^10',
    });
  const P = domain.length;
  const tokens = textOf(task);
  const [input] = network.inputs;
  const shape = input ? sizes(input.shape) : [];
  const dims = shape.length === 2 ? shape : shape.filter((size) => size !== 1);
  const length = dims[0] ?? 1;
  const symbols = dims[1] ?? null;
  if (length < P + tokens.length - 1)
    throw new InputError({
      found: `prompts of ${P} tokens and a text of ${tokens.length} for an input of ${length} tokens`,
      allowed: 'inputs that hold all but the last token',
    });
  const scores = network.outputs.find(({ name }) => name === output)?.node.shape.at(-1)?.size ?? 0;
  if (symbols !== null && first + scores > symbols)
    throw new InputError({
      found: `${scores} scores from token ${first} on for ${symbols} symbols`,
      allowed: 'scores of tokens that the input has',
    });
  if (symbols === null)
    throw new InputError({ found: 'an input without unit vectors', allowed: 'inputs of shape [tokens, symbols]' });
  const rest = length > P ? ` x {0..${symbols - 1}}^${length - P}` : '';
  return tokens.map((token, k): Step => {
    const written = tokens.slice(0, k).map((by, i) => `${variable}[${P + 1 + i}] = ${printTerm(by)}`);
    const sequences = `${variable} in ${prompts}${rest}${k === 0 ? '' : ` with ${written.join(' and ')}`}`;
    const margin = `margin(${output}[${P + k}], ${1 - first} + ${printTerm(token)})`;
    const statement = marginStatement(parseStatement(`for all ${sequences}: ${margin} > 0`))!;
    return {
      t: k + 1,
      statement,
      problem: { ...marginProblem(network, statement).problem, ...(task.execution && { execution: task.execution }) },
    };
  });
}

/** A sequence at which one execution prefers another token, where no bound says what others do. */
function flip({ problem }: Step, { attained }: MarginFound): string | null {
  if (!problem.execution || !attained || attained.simulated === undefined || attained.simulated > 0) return null;
  const tokens = tokensOf(problem.reading, attained.places).join(', ');
  return `with one operation after the other, ${problem.execution.dtype} prefers another token, or none, at s = (${tokens}); other orders may not`;
}

/** The functions of the text's tokens, with numbers in the place of t. */
function textOf({ text, variable }: Generation): Term[] {
  const tokens: Term[] = [];
  for (const { places, token } of text) {
    const term = parseTermText(token);
    const range = parseTermText(`sum_{t in ${places}}(t)`) as Extract<Term, { kind: 'reduction' }>;
    for (const t of integersOf(range.over)) {
      if (t !== tokens.length + 1)
        throw new InputError({
          found: `token ${t} of the text after token ${tokens.length}`,
          allowed: 'places one after the other from 1 on',
        });
      const bound = bind(
        { prefix: null, relations: [{ sides: [term, number(0)], comparisons: ['='] }] },
        new Map([['t', Rational.of(t)]]),
      );
      tokens.push(bound.relations[0].sides[0] as Term);
    }
  }
  if (tokens.length === 0)
    throw new InputError({ found: `a text of no tokens behind ${variable}`, allowed: 'one token or more' });
  return tokens;
}

/**
 * What the network writes after the prompt of a sequence at which a step fails, token by token, each by proved bounds, up to
 * the first that is not the text's.
 */
function deviation(
  network: Network,
  task: Generation,
  steps: readonly Step[],
  failed: Step,
  places: readonly number[],
): Outcome {
  const { first = 0 } = task;
  const { reading } = failed.problem;
  const P = failed.problem.reading.domain.length - steps.length + 1;
  const current = [...places];
  const written: string[] = [];
  const expected: string[] = [];
  for (const { t, problem } of steps) {
    const { coding, entries } = problem;
    const dense = outputAt(problem, inputOf(coding, reading.domain, current));
    if (!dense) break;
    const own = entries.map((k) => dense[k]);
    const best = own.findIndex((one, k) => own.every((other, j) => j === k || other.hi.lt(one.lo)));
    const token = best < 0 ? null : Rational.of(best + first);
    const wanted = targetAt(problem, current, first);
    const right = own[Number(wanted.num) - first];
    expected.push(wanted.toString());
    written.push(token?.toString() ?? 'none, as several entries are largest');
    if (!right || own.some((other) => other !== right && right.hi.le(other.lo))) {
      const tokens = tokensOf(reading, current);
      const says = exactly(generationSentence(task), Rational.one);
      const at = { [task.variable]: tokens.slice(0, P), written, expected, behind: tokens.slice(P + t - 1) };
      return mint({ rule: generation, id: 'deviation', network, domain: null, says, at, found: null });
    }
    if (!token?.equals(wanted)) break;
    if (t < steps.length)
      current[P + t - 1] = reading.domain.alphabets[P + t - 1].findIndex((value) => value.equals(token));
  }
  return open(
    generation,
    'text',
    generationSentence(task).text,
    'a step fails where the network does not come by itself',
  );
}

function targetAt(problem: MarginProblem, places: readonly number[], first: number): Rational {
  const found = problem.reading.sequence((token) => places[token]);
  if (!found) throw new Error('the prompt is outside its domain');
  return problem.reading.targetOf(found.state).sub(Rational.of(1 - first));
}
