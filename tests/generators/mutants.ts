import { createHash } from 'node:crypto';
import type { Certified } from './certificates.js';
import { nudged } from './mutants-structure.js';

/** A changed certificate or network; where the network changes, the certificate states the hash of the changed one. */
export interface Mutant extends Certified {
  readonly what: string;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

/** Every single change of the certificate: a number, a text, a step, a premise, a rule, the hash. */
export function certificateMutants({ certificate, network }: Certified): Mutant[] {
  const document = JSON.parse(certificate) as { [key: string]: Json };
  const mutants: Mutant[] = [];
  const add = (what: string, changed: Json) => {
    const text = JSON.stringify(changed);
    if (text !== JSON.stringify(document)) mutants.push({ what, certificate: text, network });
  };
  for (const { path, value } of leaves(document.claims, ['claims'])) {
    if (path.at(-1) === 'statement') continue;
    for (const other of variations(value))
      add(`${path.join('.')}: ${show(value)} -> ${show(other)}`, put(document, path, other));
  }
  for (const [c, claim] of (document.claims as { steps: Json[] }[]).entries()) {
    for (const k of claim.steps.keys()) {
      const path = ['claims', c, 'steps'];
      add(`${path.join('.')}: step ${k} dropped`, put(document, path, claim.steps.toSpliced(k, 1)));
      add(`${path.join('.')}: step ${k} twice`, put(document, path, claim.steps.toSpliced(k, 0, claim.steps[k])));
      add(`${path.join('.')}: step ${k} last`, put(document, path, [...claim.steps.toSpliced(k, 1), claim.steps[k]]));
    }
    const ids = claim.steps.map((step) => (step as { id: string }).id);
    for (const { path, value } of leaves(claim.steps, ['claims', c, 'steps'])) {
      if (!path.includes('premises')) continue;
      for (const id of ids) add(`${path.join('.')}: ${show(value)} -> ${id}`, put(document, path, id));
    }
  }
  const sha256 = (document.network as { sha256: string }).sha256;
  add(
    'another hash',
    put(
      document,
      ['network', 'sha256'],
      sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    ),
  );
  return mutants;
}

/** Every single change of the network: a weight, an operation, an axis, an index, an argument. */
export function networkMutants({ certificate, network }: Certified): Mutant[] {
  const document = JSON.parse(network) as { nodes: { [key: string]: Json }[]; [key: string]: Json };
  const claims = JSON.parse(certificate) as { [key: string]: Json };
  const mutants: Mutant[] = [];
  for (const { path, value } of leaves(document.nodes, ['nodes'])) {
    if (path.includes('shape') || path.at(-1) === 'name') continue;
    for (const other of path.at(-1) === 'op' ? (OTHER_OPS[value as string] ?? []) : variations(value)) {
      const text = JSON.stringify(put(document, path, other));
      const sha256 = createHash('sha256').update(text).digest('hex');
      mutants.push({
        what: `${path.join('.')}: ${show(value)} -> ${show(other)}`,
        certificate: JSON.stringify(put(claims, ['network', 'sha256'], sha256)),
        network: text,
      });
    }
  }
  return mutants;
}

/**
 * Changes of what a step rests on: premises swapped, repeated, left out or taken from other steps; domains that are wider,
 * narrower or foreign, in one step, in all of a claim, or in the conclusion alone; bounds by one unit in the last of
 * sixty binary places; ends crossed; the conclusion of another claim.
 */
export function* foundationMutants({ certificate, network }: Certified): Generator<Mutant> {
  const document = JSON.parse(certificate) as { claims: FoundClaim[] } & { [key: string]: Json };
  const made = (what: string, path: Path, value: Json): Mutant => {
    return { what: `${path.join('.')}: ${what}`, certificate: JSON.stringify(put(document, path, value)), network };
  };
  for (const [c, claim] of document.claims.entries()) {
    const ids = claim.steps.map(({ id }) => id);
    for (const [k, { premises }] of claim.steps.entries()) {
      const path = ['claims', c, 'steps', k, 'premises'];
      for (const i of premises.keys()) {
        yield made(`premise ${i} left out`, path, premises.toSpliced(i, 1));
        yield made(`premise ${i} twice`, path, premises.toSpliced(i, 0, premises[i]));
        for (let j = 0; j < i; j++)
          yield made(`premise ${i} with ${j}`, path, premises.with(i, premises[j]).with(j, premises[i]));
      }
      for (const id of ids.slice(0, k)) yield made(`${id} too`, path, [...premises, id]);
      for (const id of ids.slice(0, k)) yield made(`${id} first`, path, [id, ...premises]);
    }
    const places = [...domains(claim, ['claims', c])];
    for (const { path, sides } of places) {
      for (const [name, side] of Object.entries(sides)) {
        for (const other of otherSides(side)) yield made(`${name} in ${show(other)}`, [...path, name], other);
      }
    }
    for (const [name, side] of Object.entries(places[0]?.sides ?? {})) {
      for (const other of otherSides(side)) {
        const inAll = (paths: typeof places) =>
          paths.reduce<Json>((whole, { path }) => put(whole, [...path, name], other), document);
        const stepsAlone = places.filter(({ path }) => path.includes('steps'));
        for (const [what, chosen] of [
          ['everywhere', places],
          ['in all steps', stepsAlone],
        ] as const) {
          yield {
            what: `claim ${c}: ${name} in ${show(other)} ${what}`,
            certificate: JSON.stringify(inAll([...chosen])),
            network,
          };
        }
      }
    }
    for (const { path, value } of leaves(claim as unknown as Json, ['claims', c])) {
      if (!BOUNDS.includes(String(path.at(-1))) || typeof value !== 'string' || !NUMBER.test(value)) continue;
      for (const units of [1n, -1n]) yield made(`by ${units} unit`, path, nudged(value, units));
      yield made('negated', path, nudgedSign(value));
    }
    for (const [other, { conclusion }] of document.claims.entries()) {
      if (other !== c) yield made(`of claim ${other}`, ['claims', c, 'conclusion'], conclusion);
    }
  }
}

interface FoundClaim {
  readonly conclusion: Json;
  readonly steps: readonly { readonly id: string; readonly premises: string[] }[];
}

type Sides = { readonly [name: string]: [string, string] | null };

const BOUNDS = ['lo', 'hi', 'bound', 'least', 'margin', 'absent', 'slope', 'eps', 'distance', 'value', 'lambda', 'gap'];
const NUMBER = /^-?\d+(\/\d+)?$/;

function nudgedSign(value: string): string {
  return value.startsWith('-') ? value.slice(1) : value === '0' ? '1' : `-${value}`;
}

function* domains(value: unknown, path: Path): Generator<{ readonly path: Path; readonly sides: Sides }> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, part] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === 'domain' && part !== null && typeof part === 'object') yield { path: place, sides: part as Sides };
    else yield* domains(part, place);
  }
}

/** Wider, narrower and foreign intervals. */
function otherSides(side: readonly [string, string] | null): Json[] {
  if (side === null) return [['0', '1']];
  const [lo, hi] = side;
  return [
    null,
    [lo, nudged(hi, 1n)],
    [nudged(lo, -1n), hi],
    [lo, nudged(hi, -1n)],
    [lo, lo],
    [hi, hi],
    ['-7', '9'],
    [hi, lo],
  ];
}

const OTHER_OPS: Readonly<Record<string, readonly string[]>> = {
  add: ['sub', 'mul', 'max'],
  sub: ['add', 'min'],
  mul: ['add'],
  min: ['max'],
  max: ['min'],
  softmax: ['relu'],
  reduceSum: ['reduceMax', 'reduceMin'],
};

function* leaves(value: Json, path: Path): Generator<{ path: Path; value: string | number }> {
  if (typeof value === 'string' || typeof value === 'number') yield { path, value };
  else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value))
      yield* leaves(part, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function put(value: Json, [key, ...rest]: Path, leaf: Json): Json {
  if (key === undefined) return leaf;
  if (Array.isArray(value)) return value.with(key as number, put(value[key as number], rest, leaf));
  const record = value as { [key: string]: Json };
  return { ...record, [key]: put(record[key], rest, leaf) };
}

/** Values near a number, a range or a formula. */
function variations(value: string | number): (string | number)[] {
  if (typeof value === 'number') return [value - 1, value + 1, value === 0 ? 2 : 0];
  const match = /^(-?\d+)(?:\/(\d+))?$/.exec(value);
  if (match) {
    const [p, q] = [BigInt(match[1]), BigInt(match[2] ?? '1')];
    const others: [bigint, bigint][] = [
      [-p, q],
      [p + 1n, q],
      [p - 1n, q],
      [99n * p, 100n * q],
      [101n * p, 100n * q],
      [0n, 1n],
    ];
    return [...new Set(others.map(([n, d]) => fraction(n, d)))].filter((other) => other !== value);
  }
  if (/^\d+\.\.\d+$/.test(value)) {
    const [first, last] = value.split('..').map(Number);
    return [`${first}..${last - 1}`, `${first + 1}..${last}`, `${first}..${last + 1}`, `${first}`];
  }
  const changes: [RegExp, string][] = [
    [/\+/, '-'],
    [/- /, '+ '],
    [/\d+/, '7'],
    [/min/, 'max'],
    [/x\[t,1\]/, 'x[t,2]'],
    [/\^2/, '^3'],
    [/sin/, 'cos'],
  ];
  return changes.map(([pattern, other]) => value.replace(pattern, other)).filter((other) => other !== value);
}

function fraction(n: bigint, d: bigint): string {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b !== 0n) [a, b] = [b, a % b];
  return d / a === 1n ? `${n / a}` : `${n / a}/${d / a}`;
}

function show(value: Json): string {
  const text = String(value);
  return text.length > 30 ? `${text.slice(0, 27)}...` : text;
}
