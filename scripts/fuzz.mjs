// Feeds the built command hostile inputs of each kind, each just below 10 MB where size is what is hostile, and prints a
// table of the worst time and memory: `npm run fuzz` (with `-- --write` the table of docs/robustness.md is replaced).
// Words behind it name the kinds to try. Exits 1 when an input takes more than 10 s of processor time or 1 GB, leaves a stack trace, or exits 4.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/src/cli/main.cjs');
const PAGE = join(ROOT, 'docs/robustness.md');
const SECONDS = 10;
const MEGABYTES = 1000;
const SIZE = 9_500_000;

const fill = (piece, size = SIZE) => piece.repeat(Math.floor(size / piece.length));
const deep = (open, close) => fill(open, SIZE / 2) + fill(close, SIZE / 2);
const names = Array.from({ length: 500_000 }, (_, k) => `"n${k}":${k % 9}`).join(',');
const header = (text, data = Buffer.alloc(0)) => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text), data]);
};
const npy = (text, data = Buffer.alloc(0)) =>
  Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 3, 0, text.length & 255, text.length >> 8, 0, 0]),
    Buffer.from(text),
    data,
  ]);
const noise = Buffer.from(Uint8Array.from({ length: SIZE }, (_, k) => (k * 2654435761) >>> 24));

/** Shapes of hostile JSON, which every reader of JSON meets. */
const JSONS = {
  'empty objects': `[${fill('{},')}{}]`,
  numbers: `[${fill('1,')}1]`,
  'nested lists': deep('[', ']'),
  'nested objects': fill('{"a":'),
  'many names': `{${names}}`,
  'one string': `"${'a'.repeat(SIZE)}"`,
  backslashes: `"${'\\\\'.repeat(SIZE / 2)}"`,
  'an open string': `{"${'a'.repeat(SIZE)}`,
  noise,
};
const json = (args, wrap = (text) => text) =>
  Object.entries(JSONS).map(([name, content]) => ({
    name,
    content: typeof content === 'string' ? wrap(content) : content,
    args,
  }));

const memorize = (T, d, data) => [
  'verify',
  'single-head-memorization',
  '-p',
  `T=${T}`,
  '-p',
  `d=${d}`,
  '-p',
  `data=${data}`,
  '--dtype',
  'float64',
];

/** By kind: the name of the file, and the inputs with the words of the command. */
const KINDS = [
  {
    kind: 'instance (YAML)',
    file: 'i.yaml',
    cases: [
      ...[deep('[', ']'), fill('a: &a [*a]\n'), fill('- '), fill('x'), noise].map((content, k) => ({
        name: `large ${k}`,
        content,
      })),
      ...[deep('[', ']'), fill('- '), fill('a:\n '), fill('"'), fill('&a '), fill('? ')].map((content, k) => ({
        name: `64 KB ${k}`,
        content: content.slice(0, 32_000) + content.slice(-32_000),
      })),
    ].map((each) => ({ ...each, args: ['verify', 'i.yaml'] })),
  },
  {
    kind: 'data (CSV)',
    file: 'd.csv',
    cases: [
      ['short rows', `a,y\n${fill('1,2\n')}`],
      ['one row', `${fill('a,')}y\n`],
      ['blank lines', fill('\n')],
      ['quotes', fill('"')],
      ['quoted cells', `a,y\n${fill('"1","2"\n')}`],
      ['long numbers', `a,y\n${fill(`${'7'.repeat(999)},1\n`)}`],
      ['huge exponents', `a,y\n${fill('1e5000,1\n', 200_000)}`],
      ['noise', noise],
    ].map(([name, content]) => ({ name, content, args: memorize(1, 1, 'd.csv') })),
  },
  {
    kind: 'data (JSON)',
    file: 'd.json',
    cases: json(memorize(1, 1, 'd.json'), (text) => `{"sequences": ${text}, "labels": []}`),
  },
  {
    kind: 'input of run (.npy)',
    file: 'x.npy',
    cases: [
      ['a long header', npy(fill('{', 60_000))],
      ['a shape beyond memory', npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (${fill('9,', 9000)}), }`)],
      ['bytes', npy(`{'descr': '|u1', 'fortran_order': True, 'shape': (9, 1000000), }`, noise.subarray(0, 9_000_000))],
      ['noise', noise],
    ].map(([name, content]) => ({ name, content, args: ['run', 'm.onnx', '--input', 'x.npy'] })),
  },
  { kind: 'input of run (JSON)', file: 'x.json', cases: json(['run', 'm.onnx', '--input', 'x.json']) },
  {
    kind: 'network (.json)',
    file: 'n.json',
    cases: json(
      ['verify', 'm.yaml', '--network', 'n.json'],
      (text) => `{"format":"exhibit-network-1","nodes":${text},"outputs":[]}`,
    ),
  },
  {
    kind: 'network (.onnx)',
    file: 'n.onnx',
    cases: [
      ['noise', noise],
      ['zeros', Buffer.alloc(SIZE)],
      ['one tag', Buffer.alloc(SIZE, 0x0a)],
      ['groups', Buffer.alloc(SIZE, 0x0b)],
      ['text', fill('<html>')],
    ].map(([name, content]) => ({ name, content, args: ['verify', 'm.yaml', '--network', 'n.onnx'] })),
  },
  {
    kind: 'result for report',
    file: 'r.json',
    cases: json(['report', 'r.json', '-o', 'r.html'], (text) => `{"claims": ${text}}`),
  },
  { kind: 'certificate', file: 'c.json', cases: json(['check', 'c.json', '--network', 'm.json']) },
  {
    kind: 'sweep (YAML)',
    file: 's.yaml',
    cases: [
      ['a long axis', 'theorem: threshold-min\nparams: {S: 2}\naxes: {M: {range: [1, 1e300, 1e-300]}}\n'],
      ['a geometric axis', 'theorem: threshold-min\nparams: {S: 2}\naxes: {M: {geometric: [1, 1e999, 10000]}}\n'],
      [
        'many axes',
        `theorem: threshold-min\naxes: {${Array.from({ length: 4000 }, (_, k) => `a${k}: [1,2]`).join(', ')}}\n`,
      ],
    ].map(([name, content]) => ({ name, content, args: ['sweep', 's.yaml', '-o', 'out'] })),
  },
  {
    kind: 'theorem (YAML)',
    file: 't.yaml',
    cases: [
      ['a large matrix', 'ones(100000, 100000) @ x'],
      ['a table of nine million', '[[i*j for i in 1..3000] for j in 1..3000] @ x'],
      ['a long comprehension', '[i*x[1] for i in 1..1000000]'],
      ['powers of powers', '2^(2^(2^(2^(2^2))))*x'],
      ['nested calls', `${fill('relu(', 15_000)}x${fill(')', 3000)}`],
      ['many terms', `x${fill('+x', 19_000)}`],
      ['many arguments', `concat(x${fill(', x', 19_000)})`],
    ].map(([name, y]) => ({
      name,
      content: `theorem: t\nnetwork:\n  x: input [2, 1]\n  y: "${y}"\nclaims: {a: "for all x in [0,1]^(2 x 1): y[1] <= 2"}\n`,
      args: ['verify', './t.yaml', '--dtype', 'float64', '--time-limit', '5'],
    })),
  },
  {
    kind: 'weights (.safetensors)',
    file: 'w.safetensors',
    cases: json(['verify', './w.yaml'], header),
  },
  {
    kind: 'statement (prove)',
    file: 's.txt',
    cases: [
      ['brackets', `y <= ${fill('(', 18_000)}`],
      ['nested calls', `y <= ${fill('sin(', 380)}x${fill(')', 95)}`],
      ['many terms', `y <= 1${fill('+x', 18_000)}`],
      ['a power', 'y <= (x + 2)^9999'],
      ['a long sum', 'y <= 1 + sum_{i in 1..10000000}(i*x)'],
      ['a sum of sines', 'y <= 1 + sum_{i in 1..20000}(sin(i*x))'],
      ['towers', 'y <= exp(exp(exp(exp(exp(x)))))'],
      ['a wide domain', 'y <= ?', 'for all x in [0,1]^999999999: '],
    ].map(([name, relation, prefix = 'for all x in [0,1]: ']) => ({
      name,
      content: '',
      args: ['prove', 'm.json', `${prefix}${relation}`, '--time-limit', '5'],
    })),
  },
  {
    kind: 'property (VNN-LIB)',
    file: 'p.vnnlib',
    cases: [
      ['brackets', fill('(')],
      ['nested conjunctions', `(assert ${fill('(and ', SIZE / 2)}`],
      ['many assertions', fill('(assert (<= X_0 1.0))\n')],
      ['comments', fill('; a\n')],
      [
        'alternatives',
        `(declare-const X_0 Real)(declare-const Y_0 Real)(assert (or ${fill('(and (<= Y_0 1))', 100_000)}))`,
      ],
      ['noise', noise],
    ].map(([name, content]) => ({ name, content, args: ['prove', 'm.json', 'p.vnnlib', '--time-limit', '5'] })),
  },
  { kind: 'input of evaluate (JSON)', file: 'e.json', cases: json(['evaluate', 'm.json', '--input', 'e.json']) },
  {
    kind: 'formula',
    file: 'f.txt',
    cases: [
      fill('(', 60_000),
      `x${fill('+x', 60_000)}`,
      fill('sin(', 4000),
      `${fill('x^', 4000)}x`,
      `x^${'9'.repeat(900)}`,
      `${fill('exp(', 40)}x${fill(')', 10)}`,
      `${fill('(x+', 900)}x${fill(')', 300)}`,
      `${fill('1/', 6000)}x`,
    ].map((f, k) => ({
      name: `formula ${k}`,
      content: '',
      args: ['verify', 'hat-interpolation', '-p', `f=${f}`, '-p', 'a=0', '-p', 'b=1', '-p', 'N=2', '--time-limit', '5'],
    })),
  },
];

const folder = mkdtempSync(join(tmpdir(), 'exhibit-fuzz-'));
const usage = join(folder, 'usage.json');
const hook = `data:text/javascript,${encodeURIComponent(
  `import{writeFileSync}from'node:fs';import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>{const u=process.resourceUsage();writeFileSync(${JSON.stringify(usage)},JSON.stringify([(u.userCPUTime+u.systemCPUTime)/1e6,u.maxRSS/1024]))})`,
)}`;
const run = (args) =>
  spawnSync(process.execPath, ['--import', hook, MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1e9,
  });

writeFileSync(join(folder, 'm.csv'), 'a,y\n1,2\n3,4\n');
writeFileSync(join(folder, 'm.yaml'), 'theorem: single-head-memorization\nparams: {T: 1, d: 1, data: m.csv}\n');
writeFileSync(
  join(folder, 'w.yaml'),
  'theorem: w\nweights: {file: w.safetensors, W: a}\nnetwork:\n  x: input [1, 1]\n  y: x @ W\n',
);
for (const model of ['m.onnx', 'm.json']) run(['build', 'm.yaml', '-o', model]);

let failed = false;
const rows = [];
/** Kinds to try, by a part of their names; all when none is named. */
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isWanted = ({ kind }) => wanted.length === 0 || wanted.some((word) => kind.includes(word));

for (const { kind, file, cases } of KINDS.filter(isWanted)) {
  let [seconds, megabytes] = [
    { value: 0, name: '' },
    { value: 0, name: '' },
  ];
  for (const { name, content, args } of cases) {
    writeFileSync(join(folder, file), content);
    rmSync(usage, { force: true });
    const { status, stderr = '' } = run(args);
    const [s, m] =
      status === null ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] : JSON.parse(readFileSync(usage, 'utf8'));
    if (s > seconds.value) seconds = { value: s, name };
    if (m > megabytes.value) megabytes = { value: m, name };
    const isBad = s > SECONDS || m > MEGABYTES || status === 4 || /\n {4}at /.test(stderr);
    if (isBad)
      console.error(
        `FAIL ${kind}, ${name}: exit ${status}, ${s.toFixed(1)} s, ${m.toFixed(0)} MB, ${stderr.slice(0, 300)}`,
      );
    failed ||= isBad;
    rmSync(join(folder, file), { force: true });
  }
  rows.push(
    `| ${kind} | ${cases.length} | ${seconds.value.toFixed(1)} s (${seconds.name}) | ${megabytes.value.toFixed(0)} MB (${megabytes.name}) |`,
  );
  console.log(rows.at(-1));
}
rmSync(folder, { recursive: true, force: true });

const table = [
  '| Kind of input | tried | longest, processor time | most memory |',
  '| --- | --- | --- | --- |',
  ...rows,
].join('\n');
if (process.argv.includes('--write') && wanted.length === 0) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(/(<!-- table -->\n)[\s\S]*(\n<!-- end -->)/, (_, before, after) => before + table + after),
  );
}
process.exitCode = failed ? 1 : 0;
