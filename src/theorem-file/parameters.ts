import { InputError, placed, quote } from '../errors.js';
import { integer, optional, type Parameter, type Range, rational, text, withDefault } from '../instance/parameters.js';
import { asList, asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import { looksLikeNumber } from '../numbers/parse.js';
import type { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { parseCondition, parseTensor } from './parse.js';
import { of, rationalOf } from './scalar.js';
import type { Condition, Syntax } from './syntax.js';
import { readList, readMatrix } from './tables.js';
import { constantOf, constantValue, describe, number, scalarValue, type Value } from './value.js';

/** A parameter as a theorem file declares it. */
export interface Declaration {
  readonly name: string;
  readonly parameter: Parameter<unknown>;
  /** What it is: integer, rational, function, list, matrix. */
  readonly kind: string;
  /** Whether expressions call it, as f(x). */
  readonly isFunction: boolean;
  /** The default as an expression in earlier parameters, for when the instance gives no value. */
  readonly prescription: { readonly text: string; readonly syntax: Syntax } | null;
  /** What parameters have to satisfy beside their ranges, in terms of each other. */
  readonly where: readonly Requirement[];
  /** What the name stands for in expressions, when it has this value. */
  value(given: unknown, directory: string): Value;
}

/** A condition that is not met is reported in these words. */
export interface Requirement {
  readonly words: string;
  readonly text: string;
  readonly condition: Condition;
}

interface Kind {
  /** Keys beside the kind and `default`. */
  readonly keys: readonly string[];
  declare(meaning: string, settings: ReadonlyMap<string, Raw>, name: string): Pick<Declaration, 'parameter' | 'value'>;
}

const RANGE = ['min', 'max', 'above', 'below'];
const LARGEST = 10 ** 9;

/** What a parameter may be. */
const KINDS: Readonly<Record<string, Kind>> = {
  integer: {
    keys: ['min', 'max'],
    declare: (meaning, settings) => {
      const end = (key: string, missing: number) => {
        const raw = settings.get(key);
        return raw ? integer(key, { min: -LARGEST, max: LARGEST }).read(raw) : missing;
      };
      const parameter = integer(meaning, { min: end('min', 0), max: end('max', LARGEST) });
      return { parameter, value: (given) => number(of(given as number)) };
    },
  },
  rational: {
    keys: RANGE,
    declare: (meaning, settings) => {
      const end = (key: string) => {
        const raw = settings.get(key);
        return raw && String(rational(key).read(raw));
      };
      const range: Range = { atLeast: end('min'), atMost: end('max'), above: end('above'), below: end('below') };
      return { parameter: rational(meaning, range), value: (given) => number(of(given as Rational)) };
    },
  },
  function: {
    keys: ['of'],
    declare: (meaning, settings, name) => {
      const variables = variablesOf(settings.get('of'));
      const parameter = text(meaning, `an expression in ${variables.join(', ')}`);
      return {
        parameter: { ...parameter, read: (raw) => checkedExpression(parameter.read(raw), variables) },
        value: (given) => {
          const { text } = given as { readonly text: string };
          const formula = E.parseExpression(text, variables);
          return {
            kind: 'function',
            name,
            variables,
            text,
            formula,
            apply: (args) => substituted(formula, variables, args),
          };
        },
      };
    },
  },
  list: {
    keys: [],
    declare: (meaning) => ({
      parameter: table(meaning, 'a list of numbers, or the path of a file that holds them'),
      value: (given, directory) => {
        const entries = readList(given as Raw, directory);
        return constantOf([entries.length], entries.map(of));
      },
    }),
  },
  matrix: {
    keys: [],
    declare: (meaning) => ({
      parameter: table(meaning, 'rows of numbers, or the path of a .csv, .json or .npy file'),
      value: (given, directory) => {
        const rows = readMatrix(given as Raw, directory);
        return constantOf([rows.length, rows[0].length], rows.flat().map(of));
      },
    }),
  },
};

/** Reads one entry of `parameters:`, such as `{rational: half the width of the interval, above: 0}`. */
export function readDeclaration(name: string, raw: Raw): Declaration {
  const settings = asMap(raw, '{rational: what it means, above: 0}');
  const kinds = [...settings.keys()].filter((key) => Object.hasOwn(KINDS, key));
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? 'no kind of parameter' : `the kinds ${kinds.join(' and ')}`;
    throw new InputError({ ...raw.place, found, allowed: `one of ${Object.keys(KINDS).join(', ')}` });
  }
  const [kind] = kinds;
  const { keys, declare } = KINDS[kind];
  checkFields(settings, [kind, 'default', 'optional', 'where', ...keys]);
  const meaning = asText(settings.get(kind)!, 'what the parameter means, in words');
  const { parameter, value } = declare(meaning, settings, name);
  const fallback = settings.get('default');
  const absent = settings.get('optional');
  if (absent && (fallback || (TABLES.has(kind) && kind !== 'function')))
    throw new InputError({
      ...absent.place,
      found: fallback ? 'optional with a default' : `an optional ${kind}`,
      allowed: 'optional numbers and functions without a default',
    });
  const isFunction = kind === 'function';
  const where = requirementsOf(settings.get('where'));
  if (!fallback) {
    const own = absent ? optional(parameter, asText(absent, 'what holds without it, in words')) : parameter;
    return { name, kind, parameter: own, value, isFunction, where, prescription: null };
  }
  return { name, kind, value, isFunction, where, ...defaulted(kind, parameter, fallback) };
}

const CONDITIONS = 'a condition in the parameters, such as size(C) = 2*n - 1';

/** A condition, or a map from what it says in words to a condition. */
function requirementsOf(raw: Raw | undefined): readonly Requirement[] {
  if (!raw) return [];
  const entries: (readonly [string | null, Raw])[] = raw.kind === 'map' ? [...asMap(raw, 'conditions')] : [[null, raw]];
  if (entries.length === 0) throw new InputError({ ...raw.place, found: 'no condition', allowed: CONDITIONS });
  return entries.map(([words, own]) => {
    const text = asText(own, CONDITIONS);
    return { words: words ?? `values with ${text}`, text, condition: placed(own.place, () => parseCondition(text)) };
  });
}

/** A default is a value, or for numbers and tables an expression in the parameters before it. */
function defaulted(
  kind: string,
  parameter: Parameter<unknown>,
  fallback: Raw,
): Pick<Declaration, 'parameter' | 'prescription'> {
  if (!isExpression(kind, fallback)) {
    const value = parameter.read(fallback);
    const shown =
      fallback.kind === 'text'
        ? fallback.text
        : JSON.stringify(parameter.show(value)).replaceAll('"', '').replaceAll(',', ', ');
    return { parameter: { ...withDefault(parameter, shown), missing: () => value }, prescription: null };
  }
  const expression = asText(fallback, 'a number, or an expression in the parameters before it');
  const syntax = placed(fallback.place, () => parseTensor(expression));
  return { parameter: optional(parameter, expression), prescription: { text: expression, syntax } };
}

/** Whether a default is an expression rather than a value: of numbers what is no literal, of tables what is no file. */
function isExpression(kind: string, fallback: Raw): boolean {
  if (fallback.kind !== 'text') return false;
  if (kind === 'integer' || kind === 'rational') return !looksLikeNumber(fallback.text);
  return TABLES.has(kind) && !/\.(csv|json|npy)$/i.test(fallback.text);
}

/** Kinds of parameters that are tensors, with their numbers of axes. */
const TABLES: ReadonlyMap<string, number> = new Map([
  ['list', 1],
  ['matrix', 2],
]);

/** A prescribed value as if the instance had given it, so that it is held to the parameter's range. */
export function prescribed({ name, kind, parameter, value }: Declaration, found: Value, directory: string): Value {
  const axes = TABLES.get(kind);
  if (axes !== undefined) {
    const tensor = withAxes(found, axes, `the default of ${name}`);
    return { kind: 'constant', tensor };
  }
  const exact = rationalOf(scalarValue(found, `the default of ${name}`));
  return value(parameter.read({ kind: 'text', text: exact.toString(), place: { field: name } }), directory);
}

function withAxes(found: Value, axes: number, use: string) {
  const tensor = constantValue(found, use);
  if (tensor.shape.length === axes) return tensor;
  throw new InputError({ found: describe(found), allowed: `a tensor of ${axes} axes for ${use}` });
}

/** Rows or a list, or the path of a file; read when it is known where the instance lies. */
function table(meaning: string, allowed: string): Parameter<Raw> {
  return {
    meaning,
    allowed,
    read: (raw) => {
      if (raw.kind !== 'map') return raw;
      throw new InputError({ ...raw.place, found: 'a map', allowed });
    },
    show: plain,
  };
}

function plain(raw: Raw): unknown {
  if (raw.kind === 'text') return raw.text;
  return raw.kind === 'list' ? raw.items.map(plain) : null;
}

function variablesOf(raw: Raw | undefined): readonly string[] {
  if (!raw) return ['x'];
  return asList(raw, 'a list of variables such as [x]').map((item) => {
    const name = asText(item, 'the name of a variable');
    if (/^[A-Za-z]\w*$/.test(name)) return name;
    throw new InputError({ ...item.place, found: quote(name), allowed: 'a letter, then letters, digits and _' });
  });
}

function checkedExpression<T extends { readonly text: string } & Raw>(given: T, variables: readonly string[]): T {
  placed(given.place, () => E.parseExpression(given.text, variables));
  return given;
}

function substituted(e: E.Expression, variables: readonly string[], args: readonly E.Expression[]): E.Expression {
  const values = new Map(variables.map((name, k) => [name, args[k]]));
  const known = new Map<E.Expression, E.Expression>();
  const visit = (part: E.Expression): E.Expression => {
    const found = known.get(part) ?? (part.kind === 'variable' ? values.get(part.name)! : E.rebuild(part, visit));
    known.set(part, found);
    return found;
  };
  return visit(e);
}
