import { lehmer } from '../../src/numbers/random.js';

/** What readers stumble over: numbers at the ends of ranges, marks of structure, characters that are not what they seem. */
const PIECES = [
  ...['0', '-1', '1e5000', '-1e-5000', '1e999999', '1/0', '1/3', 'NaN', 'Infinity', '-0', '9'.repeat(40), '2147483648'],
  ...['9007199254740993', '18446744073709551616', '0x10', '1_000', '.5', '5.', '+1', '1e', '--1', '  '],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ',',
    ':',
    '"',
    "'",
    '\\',
    '\n',
    '\r\n',
    '\t',
    '|',
    '>',
    '<=',
    '<',
    '?',
    '=',
    '^',
    '..',
  ],
  ...[
    '[[[[[[[[',
    ']]]]]]]]',
    '{"a":',
    '((((((((',
    '- - - ',
    '&a ',
    '*a',
    '!!binary ',
    '<<: ',
    '%',
    '@',
    '`',
    '#',
    '---\n',
  ],
  ...[
    'null',
    'true',
    'x',
    'y',
    'x[1]',
    'sin(',
    'max_{i in 1..9}(',
    'for all ',
    '__proto__',
    'constructor',
    'input',
    'weight',
  ],
  ...['\0', '\u001b[31m', '\u202e', '\ufeff', '\ud800', 'é', '\u2028', '𝟙'],
];

/**
 * Variants of inputs that a reader takes, each with one to four changes: bytes flipped, cut out, doubled, moved or written
 * over by a piece that is hard to read, or one input's start with another's end. The same for the same seed.
 */
export function* spoilt(seeds: readonly Uint8Array[], seed: number): Generator<Uint8Array, never> {
  const random = lehmer(seed);
  const below = (n: number) => Math.floor(random() * n);
  const changes: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => spliced(bytes, below(bytes.length), 1, Uint8Array.of(below(256))),
    (bytes) =>
      spliced(bytes, below(bytes.length), 1, Uint8Array.of((bytes[below(bytes.length)] ?? 0) ^ (1 << below(8)))),
    (bytes) => spliced(bytes, below(bytes.length), below(16) + 1, new Uint8Array()),
    (bytes) => bytes.slice(0, below(bytes.length) + 1),
    (bytes) => {
      const from = below(bytes.length);
      return spliced(bytes, below(bytes.length), 0, bytes.slice(from, from + below(200)));
    },
    (bytes) => spliced(bytes, below(bytes.length), below(4), Buffer.from(PIECES[below(PIECES.length)])),
    (bytes) => spliced(bytes, below(bytes.length), 0, Buffer.from(PIECES[below(PIECES.length)].repeat(1 + below(300)))),
    (bytes) => withNumber(bytes, PIECES[below(22)], below),
    (bytes) => {
      const other = seeds[below(seeds.length)];
      return Buffer.concat([bytes.slice(0, below(bytes.length)), other.slice(below(other.length))]);
    },
  ];
  for (;;) {
    let bytes = seeds[below(seeds.length)];
    for (let k = below(4); k >= 0; k--) bytes = changes[below(changes.length)](bytes);
    yield bytes;
  }
}

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.slice(0, at), added, bytes.slice(at + removed)]);
}

/** One of the numbers of a text replaced. */
function withNumber(bytes: Uint8Array, number: string, below: (n: number) => number): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const found = [...text.matchAll(/\d+/g)];
  if (found.length === 0) return bytes;
  const { index, 0: old } = found[below(found.length)];
  return spliced(bytes, index, old.length, Buffer.from(number));
}
