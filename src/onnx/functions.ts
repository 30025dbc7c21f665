import { InputError, quote } from '../errors.js';
import { renamedOperator } from './bodies.js';
import type { Message } from './schema.js';

type Operator = Message<'Operator'>;
type Definition = Message<'Function'>;

/** Calls of functions inside functions, and operators after all calls are written out. */
const DEEPEST = 32;
const MOST_OPERATORS = 1 << 16;

/**
 * The operators of a graph with the bodies of the model's own functions in the place of their calls. Tensors inside a body
 * are called after the first output of the call. Throws InputError for functions that call themselves, for calls that do not
 * fit, and for functions of another opset than the model's.
 */
export function inlined(
  operators: readonly Operator[],
  functions: readonly Definition[],
  opset: number,
): readonly Operator[] {
  if (functions.length === 0) return operators;
  const known = new Map(functions.map((definition) => [keyOf(definition, definition.name), definition]));
  let count = 0;
  const expanded = (operator: Operator, depth: number): Operator[] => {
    const definition = known.get(keyOf(operator, operator.opType));
    if (!definition) {
      count += 1;
      if (count > MOST_OPERATORS) throw tooMany(`more than ${MOST_OPERATORS} operators once functions are written out`);
      return [withInnerCalls(operator, (inner) => expanded(inner, depth))];
    }
    if (depth === DEEPEST) throw tooMany(`functions inside functions ${DEEPEST} deep`);
    checkOpset(definition, opset);
    return bodyOf(operator, definition).flatMap((inner) => expanded(inner, depth + 1));
  };
  return operators.flatMap((operator) => expanded(operator, 0));
}

function keyOf({ domain = '', overload = '' }: Operator | Definition, name = ''): string {
  return JSON.stringify([domain === 'ai.onnx' ? '' : domain, name, overload]);
}

function withInnerCalls(operator: Operator, expanded: (inner: Operator) => Operator[]): Operator {
  if (!operator.attribute?.some(({ g }) => g)) return operator;
  const attribute = operator.attribute.map((one) =>
    one.g ? { ...one, g: { ...one.g, node: (one.g.node ?? []).flatMap(expanded) } } : one,
  );
  return { ...operator, attribute };
}

function bodyOf(call: Operator, { name = '', input = [], output = [], node = [], ...rest }: Definition): Operator[] {
  const { input: given = [], output: used = [] } = call;
  if (given.length > input.length || used.length > output.length || used.length === 0) {
    throw new InputError({
      found: `a call of the function ${quote(name)} with ${given.length} inputs and ${used.length} outputs`,
      allowed: `at most ${input.length} and ${output.length}`,
    });
  }
  const names = new Map(input.map((formal, k) => [formal, given[k] ?? '']));
  const prefix = used.find((result) => result !== '') ?? '';
  const handedOn = output.flatMap((formal, k): Operator[] =>
    names.has(formal) && used[k] ? [{ opType: 'Identity', input: [names.get(formal)!], output: [used[k]] }] : [],
  );
  output.forEach((formal, k) => {
    if (!names.has(formal) && used[k]) names.set(formal, used[k]);
  });
  const attributes = attributesOf(call, name, rest);
  const inner = node.map((operator) =>
    renamedOperator(bound(operator, attributes), (tensor) => names.get(tensor) ?? `${prefix}/${tensor}`),
  );
  return [...inner, ...handedOn];
}

type Attribute = Message<'Attribute'>;

/** What a call says about the function's attributes, and what these are otherwise. */
function attributesOf(
  call: Operator,
  name: string,
  { attribute = [], attributeProto = [] }: Pick<Definition, 'attribute' | 'attributeProto'>,
): ReadonlyMap<string, Attribute> {
  const values = new Map(attributeProto.map((value) => [value.name ?? '', value]));
  for (const value of call.attribute ?? []) {
    const own = value.name ?? '';
    if (!attribute.includes(own) && !values.has(own)) {
      throw new InputError({
        found: `the attribute ${quote(own)} of a call of the function ${quote(name)}`,
        allowed: [...attribute, ...values.keys()].join(', ') || 'no attributes',
      });
    }
    values.set(own, value);
  }
  return values;
}

/** The operator with the function's attributes in the place of references to them; those that have no value are left out. */
function bound(operator: Operator, values: ReadonlyMap<string, Attribute>): Operator {
  const attribute = (operator.attribute ?? []).flatMap((one): Attribute[] => {
    if (one.g) {
      return [{ ...one, g: { ...one.g, node: (one.g.node ?? []).map((inner) => bound(inner, values)) } }];
    }
    if (!one.refAttrName) return [one];
    const value = values.get(one.refAttrName);
    return value ? [{ ...value, name: one.name }] : [];
  });
  return { ...operator, attribute };
}

function checkOpset({ name = '', opsetImport = [] }: Definition, opset: number): void {
  const own = opsetImport.filter(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
  if (own.every(({ version }) => version === opset)) return;
  throw new InputError({
    found: `the function ${quote(name)} of opset ${own.map(({ version = 0 }) => version).join(' and ')}`,
    allowed: `opset ${opset}, that of the model`,
  });
}

function tooMany(found: string): InputError {
  return new InputError({ found, allowed: `at most ${MOST_OPERATORS} operators, and functions that end` });
}
