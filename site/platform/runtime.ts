import { InputError } from '../../src/errors.js';
import type { Provider, SessionOptions } from '../../src/onnx/runtime.js';

/** The web's side of `src/onnx/runtime.ts`: onnxruntime-web, in WebAssembly, or on the GPU where the browser has WebGPU. */
export type Runtime = typeof import('onnxruntime-web');

export { PROVIDERS } from '../../src/evaluate/target.js';
export type { Provider, SessionOptions };

export const REMEDY: Readonly<Record<Provider, string>> = {
  cpu: 'see whether the browser runs WebAssembly with SIMD',
  webgpu: 'use a browser and a machine with WebGPU',
  cuda: 'use the command line',
};

/** Set by the worker before anything runs: how the library and its binary come into the worker. */
let load: ((provider: Provider) => Promise<Runtime>) | null = null;
const loaded = new Map<Provider, Promise<Runtime>>();
let wanted: Provider = 'cpu';

export function provideRuntime(loader: (provider: Provider) => Promise<Runtime>): void {
  load = loader;
}

export function checkProvider(provider: Provider): void {
  if (provider === 'cuda' || (provider === 'webgpu' && !('gpu' in navigator)))
    throw new InputError({ found: `onnxruntime (${provider}): not in this browser`, mend: REMEDY[provider] });
  wanted = provider;
}

/** Each provider has a build of its own, which is loaded when it is first asked for. */
export function loadRuntime(): Promise<Runtime> {
  if (!load) throw new InputError({ found: 'no onnxruntime in this page' });
  const begun = loaded.get(wanted) ?? load(wanted);
  loaded.set(wanted, begun);
  return begun;
}

export function createSession(runtime: Runtime, model: Uint8Array | string, { provider, optimise }: SessionOptions) {
  return runtime.InferenceSession.create(model as Uint8Array, {
    executionProviders: [provider === 'webgpu' ? 'webgpu' : 'wasm'],
    graphOptimizationLevel: optimise ? 'all' : 'disabled',
    logSeverityLevel: 4,
  });
}
