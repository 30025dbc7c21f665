import { Option } from 'commander';
import type { CommandRow } from './command-row.js';

const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];
const param = new Option('-p, --param <NAME=VALUE>', 'set a parameter; wins over the file').argParser(collect);
const library = new Option('--library <dir>', 'add the theorems of a folder; may be repeated').argParser(collect);
const output = (description: string) => new Option('-o, --output <file>', description);
const provider = new Option('--provider <provider>', 'cpu, webgpu or cuda');
const dtype = new Option('--dtype <dtype>', 'float64, float32 or float16');
const network = (description: string) => new Option('--network <file>', description);
const noCheck = new Option('--no-check', 'do not ask the checker about what was proved');
const jobs = new Option('--jobs <n>', 'points computed at the same time (default: the number of processors)');
const queue = (description: string) => new Option('--queue <url>', description);

/** Every command, in the order of the help. To add one: a row here and a file beside this one. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'list',
    summary: 'every theorem: id, one line, source',
    options: [library],
    run: async (_, flags) => (await import('./list.js')).list(flags),
  },
  {
    name: 'show <theorem>',
    summary: 'statement, parameters, claims and source of a theorem',
    options: [library],
    run: async ([theorem], flags) => (await import('./show.js')).show(theorem as string, flags),
  },
  {
    name: 'verify <instance>',
    summary: 'build the network of an instance file or a theorem and prove its claims; the main job',
    options: [
      param,
      library,
      network('audit the network in this .onnx or .json file in place of the built one'),
      provider,
      dtype,
      new Option('--certificate <file>', 'write the proof for exhibit check; the network goes beside it'),
      new Option('--coq <file>', 'write the scalar steps as lemmas for coqc with coq-interval'),
      new Option('--report <file>', 'write the result as an HTML page'),
      new Option('--latex <file>', 'write statement, bounds and claims as LaTeX for a paper'),
      noCheck,
    ],
    run: async ([instance], flags) => (await import('./verify.js')).verifyCommand(instance as string, flags),
  },
  {
    name: 'prove <models...>',
    summary: "prove a statement about networks of one's own: MODEL... 'STATEMENT', or MODEL FILE.vnnlib",
    options: [
      new Option('--vnnlib', 'answer a .vnnlib file as its standard says: sat, unsat or unknown, and a counterexample'),
      new Option('--width <w>', "for '?': how close the two ends have to come, relative to the larger (default: 1e-6)"),
      new Option('--certificate <file>', 'write the proof for exhibit check; the network goes beside it'),
      new Option('--report <file>', 'write the result as an HTML page'),
      new Option('--latex <file>', 'write statement, bounds and claims as LaTeX for a paper'),
      new Option('--coq <file>', 'write what was proved as lemmas for coqc with coq-interval'),
      new Option('--export <file>', 'write what was proved for another prover: .fpcore, .sollya or .g (Gappa)'),
      noCheck,
    ],
    run: async ([args], flags) => (await import('./prove.js')).proveCommand(args as readonly string[], flags),
  },
  {
    name: 'explain <instance> [claim]',
    summary: 'why: the chain of facts behind a claim of an instance or of a RESULT.json, and what is trusted',
    options: [param, library, noCheck],
    run: async ([instance, claim], flags) =>
      (await import('./explain.js')).explain(instance as string, claim as string | undefined, flags),
  },
  {
    name: 'build <instance>',
    summary: 'write the network of an instance as .onnx, .safetensors or .json, or its training data',
    options: [
      param,
      library,
      output('where to write; the extension chooses the format').makeOptionMandatory(),
      dtype,
      new Option('--data', "write the theorem's training data in place of the network: .csv or .safetensors"),
    ],
    run: async ([instance], flags) => (await import('./build.js')).build(instance as string, flags),
  },
  {
    name: 'evaluate <model>',
    summary: 'what the network in an .onnx or .json file computes at a point: to --digits, exactly or enclosed',
    options: [
      new Option('--input <file>', '.json, .npy, or - for JSON on stdin').makeOptionMandatory(),
      new Option('--exact', 'rational numbers').conflicts('enclose'),
      new Option('--enclose', 'lower and upper bounds, proved'),
    ],
    run: async ([model], flags) => (await import('./evaluate.js')).evaluate(model as string, flags),
  },
  {
    name: 'run <model>',
    summary: 'run an .onnx file in onnxruntime',
    options: [
      new Option('--input <file>', '.json, .npy, or - for JSON on stdin').makeOptionMandatory(),
      provider,
      dtype,
    ],
    run: async ([model], flags) => (await import('./run.js')).run(model as string, flags),
  },
  {
    name: 'sweep <file>',
    summary: 'compute the points of a sweep file and test the predicted rates',
    options: [
      new Option('-o, --output <dir>', 'where points and results are kept').default('exhibit-sweeps'),
      jobs,
      new Option('--resume', 'continue a sweep: insist that its results folder is there'),
      queue('submit the points to workers at this Redis server'),
      new Option('--recheck <share>', 'compute this share of the points of a queue here too').default('1%'),
      library,
      new Option('--yes', 'allow more than 10000 points'),
    ],
    run: async ([file], flags) => (await import('./sweep.js')).sweep(file as string, flags),
  },
  {
    name: 'worker',
    summary: 'compute points of sweeps from a queue until it is stopped',
    options: [queue('the Redis server that sweeps submit to').makeOptionMandatory(), jobs],
    run: async (_, flags) => (await import('./worker.js')).worker(flags),
  },
  {
    name: 'report <result>',
    summary: 'write what verify, prove, audit or sweep gave with --json as .html, .tex or .csv',
    options: [output('where to write the page').makeOptionMandatory()],
    run: async ([result], flags) => (await import('./report.js')).report(result as string, flags),
  },
  {
    name: 'audit [paths...]',
    summary: "verify every instance below the paths (default: the package's own) and compare with its expectation",
    options: [library, new Option('--report <dir>', 'write a page for every instance and a front page'), noCheck],
    run: async ([paths], flags) => (await import('./audit.js')).audit(paths as readonly string[], flags),
  },
  {
    name: 'check <certificate>',
    summary: 'verify a certificate with code that shares nothing with the prover',
    options: [
      network('the network, if not the file that the certificate names beside it'),
      new Option('--renew <file>', 'write a certificate of an earlier release, once it is verified, in steps of today'),
    ],
    run: async ([certificate], flags) => (await import('./check.js')).checkCertificate(certificate as string, flags),
  },
  {
    name: 'new <kind> <name>',
    summary: 'new theorem NAME, new instance THEOREM: files that work at once',
    options: [library],
    run: async ([kind, name], flags) => (await import('./new.js')).create(kind as string, name as string, flags),
  },
  {
    name: 'schema <name>',
    summary: 'the JSON Schema of instance, theorem, sweep, result or certificate',
    options: [],
    run: async ([name], flags) => (await import('./schema.js')).schema(name as string, flags),
  },
  {
    name: 'completion <shell>',
    summary: 'a script that completes commands, options and theorems in bash, zsh or fish',
    options: [],
    run: async ([shell], flags) => (await import('./completion.js')).completion(shell as string, COMMANDS, flags),
  },
  {
    name: 'capabilities',
    summary: 'versions, number back-ends, execution providers that work here, formats',
    options: [],
    run: async (_, flags) => (await import('./capabilities.js')).capabilities(flags),
  },
];
