import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NIGHTLY, sliced } from '../generators/thinned.js';
import { answer } from './answer.js';
import { INSTANCES, launch, MAIN, ROOT, scratch } from './exhibit.js';

const folder = scratch();
const SHIPPED = readdirSync(join(ROOT, 'proofs-check'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /instances.[^/]*\.yaml$/.test(path))
  .toSorted();
mkdirSync(join(folder, 'below'));
const own = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return name;
};
own('below/d.csv', 'a,y\n1,2\n3,4\n');
own('below/i.yaml', 'theorem: single-head-memorization\nparams: {T: 1, d: 1, data: d.csv}\n');
own(
  'tight.yaml',
  'theorem: hat-interpolation\nparams: {f: "x^2", a: 0, b: 1, N: 4}\nclaims: {error: {bound: 1/65}}\nexpect: refuted\n',
);
own(
  'own.yaml',
  'theorem: own-double\nparameters: {c: {rational: factor}}\nnetwork:\n  x: input [1, 1]\n  y: c*x\nclaims: {twice: "for all x in [0,1]: y <= 2"}\n',
);
copyFileSync(join(ROOT, 'proofs-check/trained/instances/decaying-wave-small.onnx'), join(folder, 'small.onnx'));
own('stated.yaml', 'network: small.onnx\nclaims: {size: "parameters <= 5", last: "parameters >= 0"}\n');

/** What a result says, without what takes time. */
type Document = {
  readonly call: string;
  readonly verdict: string;
  readonly claims?: readonly { readonly id: string; readonly verdict: string; readonly enclosure: unknown }[];
  readonly network?: { readonly sha256: string };
};

const core = ({ verdict, claims, network }: Document) => ({
  verdict,
  claims: claims?.map(({ id, verdict: each, enclosure }) => [id, each, enclosure]),
  sha256: network?.sha256,
});

/** Runs a printed call in a shell, in which `exhibit` is this build. */
async function again(call: string, cwd: string): Promise<Document> {
  const script = `exhibit() { '${process.execPath}' '${MAIN}' "$@" --json --quiet; }\n${call}`;
  const { stdout, stderr } = await launch('/bin/sh', ['-c', script], { cwd });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('the printed call gives the same again', () => {
  test.each<[string, readonly string[]]>([
    ['with data beside the instance', ['verify', 'below/i.yaml', '--dtype', 'float64']],
    ['with a stated bound, digits and a seed', ['verify', 'tight.yaml', '--digits', '5', '--seed', '7']],
    [
      "of a theorem with a formula that a shell would read, a quote's too",
      ['verify', 'hat-interpolation', '-p', 'f=(x)^2 * 1', '-p', 'a=0', '-p', 'b=1', '-p', 'N=3', '--no-check'],
    ],
    ['about a network of a file', ['verify', 'tight.yaml', '--network', 'net.json', '-p', 'N=5']],
    ["of a theorem of one's own", ['verify', './own.yaml', '-p', 'c=3']],
    ['of statements about a network', ['verify', 'stated.yaml']],
    ['of prove', ['prove', 'small.onnx', 'parameters <= 5', '--time-limit', '30']],
  ])('%s', async (_, args) => {
    if (args.includes('net.json'))
      await answer(['build', 'tight.yaml', '-p', 'N=5', '-o', 'net.json'], { cwd: folder });
    const { stdout } = await answer([...args, '--json', '--quiet'], { cwd: folder });
    const first = JSON.parse(stdout) as Document;
    expect(core(await again(first.call, folder))).toEqual(core(first));
  });

  test('of a sweep, byte for byte', async () => {
    own('s.yaml', 'theorem: threshold-min\nparams: {S: 2}\naxes: {M: [3, 5]}\nrecord: [network.parameters]\n');
    const { stdout } = await answer(['sweep', 's.yaml', '--json', '--quiet', '--digits', '9'], { cwd: folder });
    expect(await again(JSON.parse(stdout).call, folder)).toEqual(JSON.parse(stdout));
  });

  /** In its nightly form for every instance of the package. */
  test('of each instance of an audit', async () => {
    const paths = NIGHTLY
      ? sliced(SHIPPED.map((path) => join('proofs-check', path)))
      : ['memorize-duplicates.yaml', 'lower-bound-33.yaml'].map((name) => relative(ROOT, join(INSTANCES, name)));
    const { stdout } = await launch(process.execPath, [MAIN, 'audit', ...paths, '--json', '--quiet'], {}, 3600);
    const { call, instances } = JSON.parse(stdout);
    expect(call).toBe(`exhibit audit ${paths.join(' ')}`);
    for (const { file, result } of instances) {
      if (result) expect(core(await again(result.call, ROOT)), file).toEqual(core(result));
    }
  }, 7_200_000);
});

test('a result names everything that determined it', async () => {
  const { stdout } = await answer(['verify', 'below/i.yaml', '--json', '--quiet', '--no-check'], { cwd: folder });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({
    format: 1,
    call: 'exhibit verify below/i.yaml --no-check',
    bounds: {},
    overrides: [],
    models: [],
    digits: 17,
    seed: 0,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  });
  expect(document.files.map(({ file }: { file: string }) => file)).toEqual(['below/i.yaml', 'below/d.csv']);
  const tight = await answer(['verify', 'tight.yaml', '-p', 'N=3', '--json', '--no-check'], { cwd: folder });
  expect(JSON.parse(tight.stdout)).toMatchObject({ bounds: { error: '1/65' }, overrides: ['N=3'] });
});
