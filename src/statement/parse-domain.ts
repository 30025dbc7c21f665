import type { Domain, Term } from './ast.js';
import { parseTerm, readRanges } from './parse-term.js';
import type { Scanner } from './scanner.js';

const DEEPEST = 100;
/** The sign of products of sets and shapes; `64x2` and `[0,1] x [-1,2]` alike. */
const TIMES = /\s*[x×](?=[\s\d([{R]|$)/uy;
const SETS = 'a set: [lo, hi], R, {0..9}, or a product such as [0,1]^2, [0,1] x [-1,2], R^(64x2)';

/** The inside of (0, 1), which was opened like a product. */
const OPEN_ENDS = [/\s*[-+\d./]+\s*,/uy];
const CLOSED = 'intervals are closed: [0,1], and with x > 0 behind the sets leaves out an end';

/** Reads `[0,1]^2`, `[0,1] x [-1,2]`, `R^(64x2)`, `{0..9}^20`, ... */
export function parseDomain(scanner: Scanner, depth: number): Domain {
  const factors = [readFactor(scanner, depth)];
  while (scanner.skipPattern(TIMES)) factors.push(readFactor(scanner, depth));
  return factors.length === 1 ? factors[0] : { kind: 'product', factors };
}

function readFactor(scanner: Scanner, depth: number): Domain {
  let domain = readSet(scanner, depth);
  while (scanner.skip('^')) domain = { kind: 'power', of: domain, dims: readDims(scanner, depth) };
  return domain;
}

function readSet(scanner: Scanner, depth: number): Domain {
  if (depth > DEEPEST) throw scanner.unexpected(`at most ${DEEPEST} levels of nesting`);
  if (scanner.skip('R')) return { kind: 'reals' };
  if (scanner.skip('{')) {
    const ranges = readRanges(scanner, depth);
    scanner.expect('}', "',', '..' or '}'");
    return { kind: 'finite', ranges };
  }
  if (scanner.skip('(')) {
    const domain = parseDomain(scanner, depth + 1);
    scanner.expect(')', "'x' or ')'");
    return domain;
  }
  if (!scanner.skip('['))
    throw scanner.unexpected(SETS, OPEN_ENDS.find((pattern) => scanner.matches(pattern)) && CLOSED);
  const lo = parseTerm(scanner, depth + 1);
  scanner.expect(',', "',' between the ends of an interval, such as [0, 1]; integers stand in {0..9}");
  const hi = parseTerm(scanner, depth + 1);
  scanner.expect(']', "']': intervals are closed");
  return { kind: 'interval', lo, hi };
}

/** `2`, `d`, `(64x2)`, `(T x d)`, `(d + 1)`. */
function readDims(scanner: Scanner, depth: number): Term[] {
  if (!scanner.skip('(')) return [parseTerm(scanner, depth + 1, 'atom')];
  const dims = [parseTerm(scanner, depth + 1)];
  while (scanner.skipPattern(/\s*[x×](?=[\s\d(\p{L}])/uy)) dims.push(parseTerm(scanner, depth + 1));
  scanner.expect(')', "'x' or ')'");
  return dims;
}
