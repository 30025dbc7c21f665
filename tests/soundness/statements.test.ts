import { expect, test } from 'vitest';
import { checkedStatements } from '../../src/certificate/statements.js';
import { InputError } from '../../src/errors.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { tensor } from '../../src/network/tensor.js';
import { toDecimal } from '../../src/numbers/decimal.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import { prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';
import { NIGHTLY } from '../generators/thinned.js';
import { type Draw, type SmallNet, Statements } from '../generators/true-statements.js';

const CASES = NIGHTLY ? 20_000 : 60;
const SECONDS = 0.25;

function networkOf({ hidden, out }: SmallNet): Network {
  const q = (x: number) => Rational.of(x * 4, 4);
  const b = new Builder();
  const x = b.input('x', { axis: 2 });
  const fan = b.constant(tensor([2, hidden.length], [...hidden.map(([p]) => q(p)), ...hidden.map(([, p]) => q(p))]));
  const bias = b.constant(
    tensor(
      [hidden.length],
      hidden.map(([, , r]) => q(r)),
    ),
  );
  const readout = b.constant(tensor([hidden.length, 1], out.map(q)));
  return b.network({ y: b.matmul(b.relu(b.affine(x, fan, bias)), readout, 'y') });
}

/** A set for both entries of a point: its text, and some of its members or all. */
function setOf(draw: Draw): { readonly text: string; readonly entries: readonly (readonly number[])[] } {
  const interval = () => {
    const [lo, width] = [(draw(9) - 6) / 4, draw(7) / 4];
    return {
      text: `[${lo * 4}/4, ${(lo + width) * 4}/4]`,
      members: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => lo + (k * width) / 8),
    };
  };
  const finite = () => {
    const members = [...new Set(Array.from({ length: 1 + draw(3) }, () => draw(7) - 3))];
    return { text: `{${members.join(', ')}}`, members };
  };
  const one = () => (draw(3) === 0 ? finite() : interval());
  if (draw(2) === 0) {
    const { text, members } = one();
    return { text: `${text}^2`, entries: [members, members] };
  }
  const [a, b] = [one(), one()];
  return { text: `${a.text} x ${b.text}`, entries: [a.members, b.members] };
}

const RELATIONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<=': (a, b) => a <= b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '>': (a, b) => a > b,
  '=': (a, b) => a === b,
};

const ends = (text: string) => {
  const network = networkOf({ hidden: [[1, 0, 0]], out: [1] });
  const options = { width: Rational.of(1, 1000), progress: () => {} };
  const model = { name: null, file: 'net', sha256: '', network };
  const [{ enclosure, verdict }] = prove([model], new Map([['claim', parseStatement(text)]]), options).claims;
  return `${verdict} ${Number(toDecimal(enclosure!.lo!, 6, 'nearest')).toFixed(2)} ${Number(toDecimal(enclosure!.hi!, 6, 'nearest')).toFixed(2)}`;
};

test.each([
  ['1 - 2*|y| >= ?', 'proved -1.00 -1.00'],
  ['2*|y| + 1 <= ?', 'proved 3.00 3.00'],
  ['-|y - 3*x[1]| >= ?', 'proved -2.00 -2.00'],
  ['|x[1]| - 15/4 <= ?', 'proved -2.75 -2.75'],
  ['2*|y| + 1 <= 3', 'proved 3.00 3.00'],
  ['2*|y| + 1 <= 2', 'refuted 3.00 3.00'],
  ['1 - 2*|y| >= 0', 'refuted -1.00 -1.00'],
  ['-3 <= 2*|y| - 4', 'refuted -4.00 -4.00'],
])('%s speaks of what is written, not of |y|: %s', (relation, found) => {
  expect(ends(`for all x in [0, 1]^2: ${relation}`)).toBe(found);
});

test('names are read as a reader reads them', () => {
  const b = new Builder();
  const x = b.input('x', { axis: 1 });
  const network = b.network({ y: b.relu(b.mul(b.relu(x, 'h\u0445'), b.constant(tensor([], [Rational.of(3)]))), 'v') });
  const pi = new Builder();
  const same = pi.network({ y: pi.relu(pi.input('pi', { axis: 1 })) });
  const options = { width: Rational.one, progress: () => {} };
  const ask = (text: string, asked = network) =>
    prove(
      [{ name: null, file: 'net', sha256: '', network: asked }],
      new Map([['claim', parseStatement(text)]]),
      options,
    ).claims[0].verdict;
  expect(ask('for all x in [0, 1]: max_{i in 0..0}(y - 3*x - i) <= 0')).toBe('proved');
  expect(ask('for all "pi" in [0, 1]: y <= "pi"', same)).toBe('proved');
  expect(ask('for all x in [0, 1]: "h\u0445" <= 1')).toBe('proved');
  for (const [text, why] of [
    // A Cyrillic letter, an Arabic one, a modifier, a number: as plain names, then beside names they look like.
    ['for all x in [0, 1]: h\u0445 <= 1', 'in double quotes'],
    ['for all x in [0, 1]: \u0627 <= 1', 'in double quotes'],
    ["for all x, x' in [0, 1]: y(x\u02b9) <= 1", 'in double quotes'],
    ['for all x in [0, 1]: x\u00b2 <= 1', 'write ^2'],
    ['for all x in [0, 1]: "a\u202eb" <= 1', 'close the quoted name'],
    ['for all x in [0, 1]: |y - "\u0445"| <= 0', 'which looks the same'],
    ['for all x in [0, 1]: hx - "h\u0445" <= 0', 'which looks the same'],
    ['for all x in [0, 1]: \u03bd <= 1', 'unknown name'],
    ['for all x in [0, 1]: "\u0440arameters" <= 1', 'which looks the same'],
    // Names that mean something else.
    ['for all pi in [0, 1]: y <= pi', 'which means something else'],
    ['for all x in [0, 1]: y <= max_{pi in 0..0}(pi)', 'that means nothing else'],
  ])
    expect(() => ask(text, same.inputs.length > 0 && text.includes('all pi') ? same : network), text).toThrow(why);
});

test('a variable has no name of a tensor that rules write statements about', () => {
  const b = new Builder();
  const z = b.input('z', { row: 2, column: 2 });
  const options = { width: Rational.one, progress: () => {} };
  for (const [output, variables] of [
    ['x', 'x'],
    ['z', 'z'],
    ["z'", "z, z'"],
  ]) {
    const model = { name: null, file: 'net', sha256: '', network: b.network({ [output]: b.softmax(z, 1) }) };
    const text = `for all ${variables} in [0, 1]^(2x2): max_{i in 1..2}(|sum_{j in 1..2}(${output}[i, j]) - 1|) <= 0`;
    expect(() => prove([model], new Map([['claim', parseStatement(text)]]), options), text).toThrow('one meaning');
  }
});

test('what is proved of random statements holds at all points that are tried', { timeout: 900_000 }, () => {
  const random = lehmer(Number(process.env.EXHIBIT_SEED ?? 7));
  const draw: Draw = (n) => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)];
  const count: Record<string, number> = {};
  const wrong: string[] = [];
  for (let k = 0; k < CASES; k++) {
    const weight = () => (draw(9) - 4) / 2;
    const units = 1 + draw(3);
    const net: SmallNet = {
      hidden: Array.from({ length: units }, () => [weight(), weight(), weight()] as const),
      out: Array.from({ length: units }, weight),
    };
    const names = draw(4) === 0 ? ['x', "x'"] : ['x'];
    const set = setOf(draw);
    const pairs = set.entries[0].flatMap((a) => set.entries[1].map((b) => [a, b] as const));
    const some = names.length > 1 ? pairs.filter((_, j) => j % Math.ceil(pairs.length / 9) === 0) : pairs;
    const points = some.flatMap((p) =>
      (names.length > 1 ? some : [p]).map(
        (q) =>
          new Map<string, readonly number[]>([
            ['x', p],
            ["x'", q],
          ]),
      ),
    );
    const statements = new Statements(draw, net, names);
    const [left, right, a, b] = Array.from({ length: 4 }, () => statements.term());
    const hasCondition = draw(4) === 0;
    const sign = pick(['<=', '>=', '<', '>', '=']);
    const meant = points.filter((at) => !hasCondition || RELATIONS[sign](a.value(at), b.value(at)));
    const differences = meant.map((at) => left.value(at) - right.value(at));
    const relation = pick(['<=', '<=', '>=', '<', '>', '=']);
    const end = relation.startsWith('>') ? Math.min(...differences, 9) : Math.max(...differences, -9);
    const offset = end + pick([0, 0, 1 / 4, -1 / 4, 2, -2]);
    const bound = `${left.text} ${relation} ${right.text} + (${offset * 1024}/1024)`;
    const condition = hasCondition ? ` with ${a.text} ${sign} ${b.text}` : '';
    const text = `for all ${names.join(', ')} in ${set.text}${condition}: ${bound}`;
    let found: ReturnType<typeof prove>['claims'][number];
    try {
      const model = { name: null, file: 'net', sha256: '', network: networkOf(net) };
      const deadline = Date.now() + SECONDS * 1000;
      const options = { width: Rational.of(1, 1000), deadline, progress: () => {} };
      const result = prove([model], new Map([['claim', parseStatement(text)]]), options);
      [found] = checkedStatements(result, deadline + SECONDS * 1000).claims;
    } catch (error) {
      if (!(error instanceof InputError)) wrong.push(`${text}: ${(error as Error).message.slice(0, 300)}`);
      count.refused = (count.refused ?? 0) + 1;
      continue;
    }
    const verdict = `${found.verdict}${found.checked === true ? ' (checked)' : ''}`;
    count[verdict] = (count[verdict] ?? 0) + 1;
    const counter = meant.find((at) => !RELATIONS[relation](left.value(at), right.value(at) + offset));
    const shown = `${text} of ${JSON.stringify(net)}`;
    if (found.verdict === 'proved' && counter) wrong.push(`proved, false at ${JSON.stringify([...counter])}: ${shown}`);
    const isListed = !set.text.includes('[');
    if (found.verdict === 'refuted' && isListed && !counter) wrong.push(`refuted, true: ${shown}`);
  }
  console.info(`random statements: ${JSON.stringify(count)}`);
  expect(wrong).toEqual([]);
  expect(count['proved (checked)']).toBeGreaterThan(CASES / 20);
});
