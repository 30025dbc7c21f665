/**
 * Runs the execution claims of every instance on WebGPU, and on CUDA where its provider library is installed, each in a
 * process of its own, and writes what was found as one JSON; with --cpu on the CPU instead. Exit code 0 when no claim is
 * refuted and some claim ran, 1 when one is refuted, 3 when nothing ran.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/src/cli/main.cjs');
const RUNTIME = join(ROOT, 'node_modules/onnxruntime-node');
/** One audit may take so long, in milliseconds. */
const LONGEST = 600_000;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    cpu: { type: 'boolean', default: false },
    output: { type: 'string', short: 'o', default: 'gpu-check.json' },
  },
});

declareNvidiaDriver();
const GPU = [
  ['webgpu', 'float32'],
  ['webgpu', 'float16'],
  ...(hasCudaProvider() ? ['float64', 'float32', 'float16'].map((dtype) => ['cuda', dtype]) : []),
];
/** Without a provider, `verify` runs all formats on the CPU. */
const targets = values.cpu ? [['cpu', 'every format']] : GPU;
const results = [];
/** Why a device computes nothing in a format, by provider and format: one answer is enough. */
const unable = new Map();
const instances = instanceFiles().filter((file) => !values.only || file.includes(values.only));
for (const [k, file] of instances.entries()) {
  for (const [provider, dtype] of targets) {
    const target = `${provider} in ${dtype}`;
    console.error(`${k + 1}/${instances.length} ${basename(file)} on ${target}`);
    const found = unable.has(target)
      ? [{ instance: relative(file), provider, dtype, verdict: 'refused', reason: unable.get(target) }]
      : audit(file, provider, dtype);
    const reason = found.find(({ verdict }) => verdict === 'refused')?.reason ?? '';
    if (/does not compute in/.test(reason)) unable.set(target, reason);
    results.push(...found);
  }
}
const ran = results.filter(({ verdict }) => verdict !== 'refused');
const report = {
  date: new Date().toISOString(),
  device: describeDevice(),
  exhibit: version(ROOT),
  onnxruntime: version(RUNTIME),
  node: process.version,
  counts: Object.fromEntries(
    ['observed', 'refuted', 'refused'].map((verdict) => [
      verdict,
      results.filter((one) => one.verdict === verdict).length,
    ]),
  ),
  results,
};
writeFileSync(values.output, `${JSON.stringify(report, null, 1)}\n`);
console.log(`${values.output}: ${JSON.stringify(report.counts)}`);
process.exitCode = ran.some(({ verdict }) => verdict === 'refuted') ? 1 : ran.length > 0 ? 0 : 3;

/** The execution claims of one instance; one entry with the reason when the provider refuses. */
function audit(file, provider, dtype) {
  const instance = relative(file);
  const chosen = provider === 'cpu' ? [] : ['--provider', provider, '--dtype', dtype];
  const args = [MAIN, 'verify', file, ...chosen, '--json', '--quiet'];
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: LONGEST,
    maxBuffer: 2 ** 28,
  });
  const base = { instance, provider, dtype };
  if (![0, 1, 2].includes(status)) {
    const reason = stderr.trim().split('\n').at(-1) ?? '';
    return [{ ...base, verdict: 'refused', reason: `${signal ?? `exit code ${status}`}: ${reason}`.slice(0, 400) }];
  }
  const { theorem, claims } = JSON.parse(stdout);
  return claims
    .filter(({ kind }) => kind === 'execution')
    .map(({ id, verdict, statement, enclosure, steps, facts, seconds }) => ({
      ...{ ...base, theorem, dtype: id.split('.').at(-1), id, verdict, statement, enclosure, facts, seconds },
      terms: Object.fromEntries(steps.map((step) => [step.id, step.enclosure?.[1] ?? null])),
    }));
}

function relative(file) {
  return file.slice(ROOT.length).replace(/^\//, '');
}

/** Every instance whose audit comes to a verdict. */
function instanceFiles() {
  const folder = join(ROOT, 'proofs-check');
  return readdirSync(folder, { recursive: true })
    .filter((name) => /instances\/[^/]+\.yaml$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => !/^expect: bad-input/m.test(readFileSync(file, 'utf8')))
    .sort();
}

function hasCudaProvider() {
  return readdirSync(RUNTIME, { recursive: true }).some(
    (name) => basename(name) === 'libonnxruntime_providers_cuda.so',
  );
}

/** In a container the driver's library is there but often not its manifest, by which the Vulkan loader finds it. */
function declareNvidiaDriver() {
  const isDeclared = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const folders = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
  const names = folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  if (isDeclared || names.some((name) => name.includes('nvidia'))) return;
  if (!tell('ldconfig', ['-p'])?.includes('libGLX_nvidia.so.0')) return;
  const manifest = join(mkdtempSync(join(tmpdir(), 'exhibit-')), 'nvidia_icd.json');
  const ICD = { library_path: 'libGLX_nvidia.so.0', api_version: '1.3.0' };
  writeFileSync(manifest, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  process.env.VK_DRIVER_FILES = manifest;
}

function describeDevice() {
  const gpu = tell('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader']);
  return { gpu: gpu ?? null, vulkanDriver: process.env.VK_DRIVER_FILES ?? null, processor: cpus()[0]?.model ?? null };
}

function tell(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function version(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}
