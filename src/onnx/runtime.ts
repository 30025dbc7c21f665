import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { InputError } from '../errors.js';
import type { Provider } from '../evaluate/target.js';
import { optionalPackage, RUNTIME_INSTALL } from '../optional.js';
import { hasGpuDriver } from './vulkan.js';

/** What of onnxruntime differs between Node and a browser; the site's build puts another file in this one's place. */
export type Runtime = typeof import('onnxruntime-node');

export { PROVIDERS, type Provider } from '../evaluate/target.js';

export interface SessionOptions {
  readonly provider: Provider;
  /** Threads that one operator may use; default: as many as there are cores. */
  readonly threads?: number;
  /** Whether onnxruntime may rewrite the graph, which changes roundings; default false. */
  readonly optimise?: boolean;
}

/** What makes a provider work where it does not. */
export const REMEDY: Readonly<Record<Provider, string>> = {
  cpu: 'see whether onnxruntime-node supports this platform',
  webgpu:
    'install a Vulkan, Metal or DirectX driver; SwiftShader, which comes with Chromium, is one in software: ' +
    'set VK_DRIVER_FILES to its vk_swiftshader_icd.json',
  cuda: 'with a CUDA 12 GPU, install its libraries by ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install',
};

/** Throws InputError for a provider that is known not to work here. */
export function checkProvider(provider: Provider): void {
  if (provider === 'cuda') process.env.NVIDIA_TF32_OVERRIDE = '0';
  // Vulkan loaders complain on stderr when it is missing.
  if (provider === 'webgpu') process.env.XDG_RUNTIME_DIR ??= tmpdir();
  if (provider === 'webgpu' && !hasGpuDriver()) {
    throw new InputError({ found: 'onnxruntime (webgpu): no Vulkan driver is declared here', mend: REMEDY.webgpu });
  }
}

/**
 * onnxruntime takes long to load, so it is when it is first needed, and as no ES module, which takes longer. Its errors are thrown,
 * so its log is silenced.
 */
export async function loadRuntime(): Promise<Runtime> {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  const load = async () => createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  const runtime = await optionalPackage('onnxruntime-node', 'runs networks', load, RUNTIME_INSTALL);
  runtime.env.logLevel = 'fatal';
  keepBitPatterns(runtime);
  return runtime;
}

/**
 * Makes bit patterns in a Uint16Array what float16 tensors are of, in every version of node. onnxruntime 1.30 asks at the first
 * tensor of a process whether there is a class Float16Array, as from node 24 on, would take that, and then reads no bytes of it
 * (github.com/microsoft/onnxruntime/pull/32323).
 */
function keepBitPatterns({ Tensor }: Runtime): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (!own) return;
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    new Tensor('float16', new Uint16Array(1), [1]);
  } finally {
    Object.defineProperty(globalThis, 'Float16Array', own);
  }
}

export function createSession(
  runtime: Runtime,
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [options.provider],
    graphOptimizationLevel: options.optimise ? 'all' : 'disabled',
    logSeverityLevel: 4,
    ...(options.threads ? { intraOpNumThreads: options.threads, interOpNumThreads: 1 } : {}),
    ...(options.provider === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  };
  return typeof model === 'string'
    ? runtime.InferenceSession.create(model, settings)
    : runtime.InferenceSession.create(model, settings);
}
