import { InputError, placed, quote } from '../errors.js';
import { quoteExpressions } from '../instance/quoting.js';
import { asList, asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import { readYaml } from '../instance/yaml.js';
import { CLAIM_ID, CLAIM_IDS, type Hypothesis, type Rate, type Theorem } from '../proof/theorem.js';
import { SEQUENCE_ARITIES } from '../statement/index.js';
import { type ClaimText, claimOf } from './claims.js';
import { evaluate, holds } from './evaluate.js';
import { Graph } from './graph.js';
import { definitionsIn } from './heading.js';
import {
  checkName,
  definitionsOf,
  type Environment,
  environmentOf,
  isObject,
  type Line,
  networkOf,
} from './network.js';
import { readDeclaration } from './parameters.js';
import { parseCondition, parseTensor } from './parse.js';
import { readRates } from './rates.js';
import { rationalOf } from './scalar.js';
import { optionalText, readSource } from './source.js';
import type { Condition } from './syntax.js';
import { scalarValue } from './value.js';
import { readWeights, weightsOf } from './weights.js';

/** The fields of a theorem file; `exhibit schema theorem` describes them. */
const FIELDS = [
  'theorem',
  'summary',
  'statement',
  'source',
  'parameters',
  'weights',
  'constants',
  'network',
  'outputs',
  'claims',
  'inputs',
  'rates',
  'hypotheses',
];
const SHAPE = 'a map with theorem, network, claims and, if wished, summary, source, parameters, constants, rates';

/** A hypothesis of a paper's theorem, as a condition in the parameters. */
interface Assumption {
  readonly id: string;
  readonly text: string;
  readonly condition: Condition;
  readonly raw: Raw;
}

/**
 * Reads a theorem from the text of a YAML file: its parameters, its network as a list of named tensors, its claims as
 * statements. Throws InputError with file, line and field for what is not understood; what depends on the parameters,
 * such as shapes, is found when the network is built.
 */
export function readTheorem(yaml: string, file?: string): Theorem<never, Environment> {
  const root = asMap(readYaml(quoteExpressions(yaml), file), SHAPE);
  checkFields(root, FIELDS);
  const needed = (field: string): Raw => {
    const raw = root.get(field);
    if (raw) return raw;
    throw new InputError({ file, field, found: `no ${field}`, allowed: SHAPE });
  };
  const id = readId(needed('theorem'));
  const taken = new Set<string>();
  const declarations = entries(root.get('parameters')).map(([name, raw]) => {
    checkName(name, raw.place, taken);
    taken.add(name);
    const declaration = readDeclaration(name, raw);
    if (declaration.isFunction && SEQUENCE_ARITIES.has(name))
      throw new InputError({ ...raw.place, found: `a function called ${quote(name)}, a word of statements` });
    return declaration;
  });
  const given = root.get('weights');
  const weights = given && readWeights(given, file, taken);
  const constants = definitions(root.get('constants'), taken);
  const tensors = definitions(needed('network'), taken);
  const outputs = readOutputs(root.get('outputs'), tensors, needed('network'));
  const claims: ClaimText[] = entries(root.get('claims')).map(([name, raw]) => {
    if (!CLAIM_ID.test(name))
      throw new InputError({ ...raw.place, found: `a claim called ${quote(name)}`, allowed: CLAIM_IDS });
    return { id: name, raw };
  });
  const hypotheses = entries(root.get('hypotheses')).map(([name, raw]) => readHypothesis(name, raw));
  const hasCalls = declarations.some(({ isFunction }) => isFunction);
  const stated = claims.map((claim) => claimOf(claim, hasCalls));
  const texts = stated.map(({ statement }) => statement).join('; ');
  const range = readRange(root.get('inputs'));
  return {
    id,
    summary: optionalText(root.get('summary')) ?? (texts || 'a network without claims'),
    statement: optionalText(root.get('statement')) ?? texts,
    source: readSource(root.get('source')),
    parameters: Object.fromEntries(declarations.map(({ name, parameter }) => [name, parameter])) as never,
    written: { file, definitions: definitionsIn(yaml) },
    isObject: isObject(tensors),
    ...(weights && { files: [weights.file] }),
    construct: (params, surroundings) => {
      const environment = environmentOf(declarations, constants, params, surroundings, weights && weightsOf(weights));
      return { network: networkOf(tensors, outputs, environment, surroundings.seed), design: environment };
    },
    claims: stated,
    ...(range && {
      inputs: (params: never) => range(environmentOf(declarations, [], params, { directory: '', seed: 1 })),
    }),
    rates: readRates(
      root.get('rates'),
      claims.map(({ id: own }) => own),
    ) as readonly Rate<never>[],
    hypotheses: (_, environment) => hypotheses.map((hypothesis) => judged(hypothesis, environment)),
  };
}

function readId(raw: Raw): string {
  const allowed = 'an id such as my-theorem: small letters, digits and dashes';
  const id = asText(raw, allowed);
  if (/^[a-z][a-z0-9-]{0,79}$/.test(id)) return id;
  throw new InputError({ ...raw.place, found: quote(id), allowed });
}

function entries(raw: Raw | undefined): (readonly [string, Raw])[] {
  if (!raw || (raw.kind === 'text' && raw.text === '')) return [];
  return [...asMap(raw, 'a map from names to values')];
}

const LOOP = /^for\s+(\S+)\s+in\s+(.+)$/u;

/** Lines `name: expression`, and loops `for l in 1..L:` over lines, which may define names of lines before again. */
function definitions(raw: Raw | undefined, taken: Set<string>, again: ReadonlySet<string> = new Set()): Line[] {
  const lines: Line[] = [];
  const own = new Set(again);
  for (const [name, value] of entries(raw)) {
    const { place } = value;
    const loop = LOOP.exec(name);
    if (loop) {
      const [, index, text] = loop;
      checkName(index, place, taken);
      const range = { name: index, text, place, syntax: placed(place, () => parseTensor(text)) };
      lines.push({ index, range, body: definitions(value, new Set([...taken, index]), own) });
    } else {
      checkName(name, place, new Set([...taken].filter((other) => !again.has(other))));
      const text = expressionText(value);
      lines.push({ name, text, place, syntax: placed(place, () => parseTensor(text)) });
    }
    for (const { name: defined } of definitionsOf(lines)) taken.add(defined);
    for (const { name: defined } of definitionsOf(lines)) own.add(defined);
  }
  return lines;
}

/** A list of YAML stands for the list of its texts. */
function expressionText(raw: Raw): string {
  if (raw.kind === 'list') return `[${raw.items.map(expressionText).join(', ')}]`;
  return asText(raw, 'an expression');
}

/** The outputs that are named, or the last tensor; of an object all tensors. */
function readOutputs(raw: Raw | undefined, lines: readonly Line[], network: Raw) {
  const tensors = definitionsOf(lines);
  const last = tensors.at(-1);
  if (!last) throw new InputError({ ...network.place, found: 'no tensors', allowed: 'at least one tensor' });
  if (!raw) return (isObject(lines) ? tensors : [last]).map(({ name, place }) => ({ name, place }));
  const items = raw.kind === 'list' ? raw.items : [raw];
  const names = items.map((item) => ({ name: asText(item, 'the name of a tensor'), place: item.place }));
  const twice = names.find(({ name }, k) => names.findIndex((other) => other.name === name) < k);
  if (twice) throw new InputError({ ...twice.place, found: `the output ${quote(twice.name)} twice` });
  if (names.length === 0) throw new InputError({ ...raw.place, found: 'no outputs', allowed: 'at least one' });
  return names;
}

/** `inputs: [-U/2, U/2]`, where executions draw the entries of inputs. */
function readRange(raw: Raw | undefined) {
  if (!raw) return null;
  const allowed = 'two numbers such as [-U/2, U/2]';
  const ends = asList(raw, allowed).map((item) => {
    const text = asText(item, allowed);
    return { text, syntax: placed(item.place, () => parseTensor(text)) };
  });
  if (ends.length !== 2) throw new InputError({ ...raw.place, found: `${ends.length} ends`, allowed });
  return (names: Environment) => {
    const value = ({ text, syntax }: (typeof ends)[number]) =>
      rationalOf(scalarValue(evaluate(syntax, { graph: new Graph(), names, text }), 'an end'));
    return placed(raw.place, () => ({ lo: value(ends[0]), hi: value(ends[1]) }));
  };
}

function readHypothesis(id: string, raw: Raw): Assumption {
  const text = asText(raw, 'a condition such as T >= 4*n');
  return { id, text, raw, condition: placed(raw.place, () => parseCondition(text)) };
}

function judged({ id, text, condition, raw }: Assumption, names: Environment): Hypothesis {
  const scope = { graph: new Graph(), names, text };
  const verdict = placed(raw.place, () => holds(condition, scope)) ? 'holds' : 'fails';
  return { id, statement: text, verdict };
}
