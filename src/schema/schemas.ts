import { z } from 'zod';
import { RESULT } from '../report/document.js';

/** Numbers are read exactly from their text; YAML may write them without quotes. */
const exact = z.union([z.string(), z.number()]).describe('an exact number: 3, 1/1000, 1e-3');
const text = z.string();
const name = text.regex(/^\p{L}[\p{L}\p{Nd}_]*$/u);
const value: z.ZodType = z.lazy(() => z.union([exact, z.boolean(), z.array(value), z.record(text, value)]));
const params = z.record(name, value).describe('values of the parameters, which exhibit show THEOREM describes');
const expect = z.enum(['proved', 'refuted', 'undecided', 'bad-input']).describe('what exhibit audit compares with');
const statement = text.describe('such as: for all x in [0,1]^2: |y - x[1]*x[2]| <= 1/10');

const instance = z
  .strictObject({
    theorem: text.describe('an id of exhibit list, or the path of a theorem file relative to this one').optional(),
    network: text.describe('in the place of a theorem: the path of an .onnx or .json file').optional(),
    networks: z.record(name, text).describe('several networks, by the names that statements use').optional(),
    params: params.nullish(),
    claims: z
      .record(text, z.union([z.strictObject({ bound: exact }), statement]))
      .describe('tighter bounds of claims of the theorem, or statements about the network')
      .nullish(),
    expect: expect.optional(),
  })
  .describe('An instance: a theorem with exact parameter values, or a network with statements');

const expression = z
  .union([exact, z.array(value)])
  .describe('an expression over earlier tensors, such as relu(x @ W + [0, -1])');
const loop = text.regex(/^for\s+\S+\s+in\s+.+$/u).describe('for l in 1..L, over lines that are carried out for each l');
const lines: z.ZodType = z.lazy(() => z.record(z.union([name, loop]), z.union([expression, lines])));
const meaning = text.describe('what the parameter means, in words');
const fallback = {
  optional: text
    .describe('what holds when the instance does not give it, in words; expressions have 0 then')
    .optional(),
  default: value.describe('a value, or an expression in the parameters before it').optional(),
  where: z
    .union([text, z.record(text, text)])
    .describe('a condition in the parameters, such as size(C) = 2*n - 1, or several, each under its words')
    .optional(),
};
const parameter = z.union([
  z.strictObject({ integer: meaning, min: exact.optional(), max: exact.optional(), ...fallback }),
  z.strictObject({
    rational: meaning,
    min: exact.optional(),
    max: exact.optional(),
    above: exact.optional(),
    below: exact.optional(),
    ...fallback,
  }),
  z.strictObject({
    function: meaning,
    of: z.array(name).describe('its variables; x when absent').optional(),
    ...fallback,
  }),
  z.strictObject({ list: meaning, ...fallback }),
  z.strictObject({ matrix: meaning, ...fallback }),
]);
const rate = z.strictObject({
  quantity: text.describe('the id of a claim, or a path in the result such as network.parameters'),
  against: text.describe('a parameter N, a number to the power of one, 2^m, or exp(sqrt(m))'),
  exponent: exact.describe('a number, or negative for decay with any constant in the exponent'),
  log: exact.optional(),
  toward: z.enum(['infinity', 'zero']).optional(),
  formula: exact.describe('the closed bound that the order follows from').optional(),
  constants: z.array(name).optional(),
});

const theorem = z
  .strictObject({
    theorem: text.regex(/^[a-z][a-z0-9-]{0,79}$/).describe('its id'),
    summary: text.describe('one line for exhibit list').optional(),
    statement: text.describe('what the theorem says, in words').optional(),
    source: z
      .union([
        text,
        z.strictObject({ paper: text, theorem: text, trust: z.enum(['proved', 'paper', 'recalled']) }).partial(),
      ])
      .optional(),
    parameters: z.record(name, parameter).nullish(),
    weights: z
      .record(name, text)
      .describe('file: a .safetensors file, relative to this one; other names stand for tensors of it')
      .nullish(),
    constants: lines.describe('exact numbers and tables that the network and the claims use').nullish(),
    network: lines.describe('named tensors, in order; x: input [T, d] is an input; without an input, an exact object'),
    outputs: z
      .union([name, z.array(name)])
      .describe('the last tensor when absent')
      .optional(),
    claims: z
      .record(
        text,
        z.union([
          statement,
          z.strictObject({
            says: statement,
            when: text.describe('a condition in parameters and constants').optional(),
            notes: z.record(text, exact).describe('numbers that follow, in parameters, constants and found').optional(),
          }),
        ]),
      )
      .nullish(),
    inputs: z
      .array(exact)
      .length(2)
      .describe('where executions draw the entries of inputs; [0, 1] when absent')
      .optional(),
    rates: z.union([rate, z.array(rate)]).optional(),
    hypotheses: z.record(text, text.describe('a condition in the parameters, such as T >= 4*n')).nullish(),
  })
  .describe('A theorem: parameters, a network, claims');

const sweep = z
  .strictObject({
    theorem: text,
    params: params.nullish(),
    axes: z
      .record(
        name,
        z.union([
          z.array(value),
          z.strictObject({ range: z.tuple([exact, exact, exact]).describe('lo, hi, step') }),
          z.strictObject({ geometric: z.tuple([exact, exact, exact]).describe('lo, hi, number of values') }),
        ]),
      )
      .describe('values of the swept parameters'),
    record: z.array(text).describe('ids of claims and paths in the result').optional(),
    rate: z
      .union([rate.partial({ exponent: true }), z.array(rate.partial({ exponent: true }))])
      .describe('the orders to be tested; those of the theorem when absent')
      .optional(),
  })
  .describe('A sweep: a theorem over a grid of parameter values');

const certificate = z
  .looseObject({
    format: text.describe('exhibit-certificate-1 or -2'),
    tool: z.looseObject({ name: text, version: text }),
    network: z.looseObject({ file: text, sha256: text }),
    claims: z.array(z.looseObject({ id: text, steps: z.array(z.looseObject({ id: text, rule: text })) })),
    unchecked: z.array(z.looseObject({ id: text, reason: text })),
    shared: z.array(z.unknown()).describe('values that claims refer to as {"shared": k}').optional(),
  })
  .describe('A certificate; docs/certificates.md says what the data of each rule are');

/** What each kind of file looks like, as data that JSON Schemas are made from. */
export const SCHEMAS = { instance, theorem, sweep, result: RESULT, certificate } as const;
export type SchemaName = keyof typeof SCHEMAS;

/** The JSON Schema (draft 2020-12) of a kind of file, for editors. */
export function jsonSchema(kind: SchemaName): object {
  return z.toJSONSchema(SCHEMAS[kind], { io: 'input', unrepresentable: 'any' });
}
