import { InputError, placed, quote } from '../errors.js';
import { readParameters } from '../instance/parameters.js';
import { asList, asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import { readYaml } from '../instance/yaml.js';
import type { Theorem } from '../proof/theorem.js';
import { type Axis, readAxis } from './axis.js';
import { checkQuantity } from './quantity.js';
import { predictionFor, type RateTest, readRates } from './rate-test.js';

/** A theorem, fixed parameters, axes, what to record, which rates to test. */
export interface Sweep {
  readonly theorem: Theorem;
  readonly params: ReadonlyMap<string, Raw>;
  readonly axes: readonly Axis[];
  /** Claim ids and paths in the result. */
  readonly record: readonly string[];
  readonly rates: readonly RateTest[];
  readonly file?: string;
}

const SHAPE = 'a map with theorem, axes and, if wished, params, record and rate';
const FIELDS = ['theorem', 'params', 'axes', 'record', 'rate'];

/** Points of a sweep beyond which it must be asked for twice. */
export const MOST_POINTS = 10_000;

/**
 * Reads a sweep from YAML text; `load` finds the theorem. Throws InputError with file, line and field for what is not
 * understood, for an unknown quantity, and for values that the theorem's parameters do not allow.
 */
export async function readSweep(
  yaml: string,
  load: (theorem: string) => Promise<Theorem>,
  file?: string,
): Promise<Sweep> {
  const root = asMap(readYaml(yaml, file), SHAPE);
  checkFields(root, FIELDS);
  const named = (field: string): Raw => {
    const raw = root.get(field);
    if (raw) return raw;
    throw new InputError({ file, field, found: `no ${field}`, allowed: SHAPE });
  };
  const id = named('theorem');
  const theorem = await load(asText(id, 'a theorem id')).catch((error) => {
    throw error instanceof InputError ? error.at(id.place) : error;
  });
  const params = optionalMap(root.get('params'));
  const axes = readAxes(named('axes'), params);
  const first = checkValues(theorem, params, axes, file);
  const rates = readRates(root.get('rate'), theorem, axes);
  for (const test of rates) predictionFor(test, theorem, first);
  const record = root.get('record');
  const recorded = record
    ? asList(record, 'a list of claim ids and paths').map((raw) => readQuantity(raw, theorem))
    : [];
  return {
    theorem,
    params,
    axes,
    record: [...new Set([...recorded, ...rates.map(({ quantity }) => quantity)])],
    rates,
    file,
  };
}

/** Points of a sweep at the very most: their recorded values are held in memory. */
const LARGEST_SWEEP = 1_000_000;

/** The number of points. Throws InputError for more than 10,000 of them, or a million when that was asked for. */
export function countPoints({ axes, file }: Sweep, confirmed: boolean): number {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count <= (confirmed ? LARGEST_SWEEP : MOST_POINTS)) return count;
  throw new InputError({
    file,
    field: 'axes',
    found: `${count} points (${axes.map(({ values }) => values.length).join(' * ')})`,
    allowed: confirmed ? `at most ${LARGEST_SWEEP}` : `at most ${MOST_POINTS} points without --yes`,
  });
}

function readQuantity(raw: Raw, theorem: Theorem): string {
  const text = asText(raw, 'a claim id or a path');
  placed(raw.place, () => checkQuantity(text, theorem));
  return text;
}

function optionalMap(raw: Raw | undefined): ReadonlyMap<string, Raw> {
  return !raw || (raw.kind === 'text' && raw.text === '')
    ? new Map()
    : asMap(raw, 'a map from parameter names to values');
}

function readAxes(raw: Raw, params: ReadonlyMap<string, Raw>): Axis[] {
  const axes = [...asMap(raw, 'a map from parameter names to values')].map(([name, values]) => {
    if (params.has(name))
      throw new InputError({
        ...values.place,
        found: `${quote(name)} both as an axis and under params`,
        allowed: 'one of them',
      });
    return readAxis(name, values);
  });
  if (axes.length === 0) throw new InputError({ ...raw.place, found: 'no axis', allowed: 'at least one' });
  return axes;
}

/** Every value is read once, so that a bad one is found before anything runs. Returns the first point's parameters. */
function checkValues(
  theorem: Theorem,
  params: ReadonlyMap<string, Raw>,
  axes: readonly Axis[],
  file: string | undefined,
): Readonly<Record<string, unknown>> {
  const first = axes.map(({ name, values }) => [name, values[0]] as const);
  const point = readParameters(theorem.id, theorem.parameters, new Map([...params, ...first]), file);
  for (const { name, values } of axes) {
    for (const raw of values) placed({ ...raw.place, field: name }, () => theorem.parameters[name].read(raw));
  }
  return point;
}
