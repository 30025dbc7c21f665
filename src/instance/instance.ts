import { InputError, placed, quote } from '../errors.js';
import { parseRational } from '../numbers/parse.js';
import type { Rational } from '../numbers/rational.js';
import { asMap, asText, checkFields, type Raw } from './raw.js';
import { readYaml } from './yaml.js';

/** What `audit` compares with: an overall verdict, or bad input. */
const EXPECTATIONS = ['proved', 'refuted', 'undecided', 'bad-input'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** A theorem's id with parameter values, the only input of every command. */
export interface Instance {
  readonly theorem: string;
  readonly params: ReadonlyMap<string, Raw>;
  /** Bounds that the instance states for claims, by the claim's id. */
  readonly bounds: ReadonlyMap<string, Rational>;
  readonly expect?: Expectation;
  readonly file?: string;
}

const SHAPE = 'a map with theorem, params and, if wished, claims and expect';
const FIELDS = ['theorem', 'params', 'claims', 'expect'];
/** A field that only a theorem has, at the margin. */
const OF_THEOREMS =
  /^(?:networks?|outputs|constants|parameters|weights|summary|statement|source|inputs|rates|hypotheses):/m;

/** Reads an instance from YAML text. Throws InputError with file, line and field. */
export function readInstance(yaml: string, file?: string): Instance {
  refuseTheorem(yaml, file);
  const root = asMap(readYaml(yaml, file), SHAPE);
  checkFields(root, FIELDS);
  const theorem = root.get('theorem');
  if (!theorem) throw new InputError({ file, field: 'theorem', found: 'no theorem', allowed: SHAPE });
  return {
    theorem: asText(theorem, 'a theorem id'),
    params: optionalMap(root.get('params'), 'a map from parameter names to values'),
    bounds: readBounds(root.get('claims')),
    expect: readExpectation(root.get('expect')),
    file,
  };
}

/** A theorem is known by its list of tensors; without one its other fields would be called unknown. */
function refuseTheorem(yaml: string, file?: string): void {
  const field = OF_THEOREMS.exec(yaml);
  if (!field || !/^theorem:/m.test(yaml)) return;
  throw new InputError({
    file,
    line: yaml.slice(0, field.index).split('\n').length,
    field: field[0].slice(0, -1),
    found: 'a field of a theorem, in a file without a list of tensors',
    allowed: `in an instance ${FIELDS.join(', ')}; a theorem has network: with name: expression on the lines below it`,
  });
}

/** Adds `NAME=VALUE` texts of the command line; they win over the file. */
export function withOverrides(instance: Instance, overrides: readonly string[]): Instance {
  const params = new Map(instance.params);
  for (const override of overrides) {
    const split = override.indexOf('=');
    if (split <= 0) throw new InputError({ field: '-p', found: quote(override), allowed: 'NAME=VALUE' });
    const name = override.slice(0, split).trim();
    params.set(name, readYaml(override.slice(split + 1), undefined, name));
  }
  return { ...instance, params };
}

function optionalMap(raw: Raw | undefined, allowed: string): ReadonlyMap<string, Raw> {
  return !raw || (raw.kind === 'text' && raw.text === '') ? new Map() : asMap(raw, allowed);
}

function readBounds(raw: Raw | undefined): ReadonlyMap<string, Rational> {
  const bounds = new Map<string, Rational>();
  for (const [claim, entry] of optionalMap(raw, 'a map such as {error: {bound: 1/2000}}')) {
    for (const [name, value] of asMap(entry, 'a map such as {bound: 1/2000}')) {
      if (name !== 'bound')
        throw new InputError({ ...value.place, found: `unknown field ${quote(name)}`, allowed: 'bound' });
      bounds.set(
        claim,
        placed(value.place, () => parseRational(asText(value, 'an exact number'))),
      );
    }
  }
  return bounds;
}

function readExpectation(raw: Raw | undefined): Expectation | undefined {
  if (!raw) return undefined;
  const allowed = EXPECTATIONS.join(', ');
  const text = asText(raw, allowed);
  const expectation = EXPECTATIONS.find((candidate) => candidate === text);
  if (!expectation) throw new InputError({ ...raw.place, found: quote(text), allowed });
  return expectation;
}
