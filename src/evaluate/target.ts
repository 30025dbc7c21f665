/** Execution providers of onnxruntime. To add one: a word here, and the compiler lists what else it takes. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Formats that networks are executed and written in. */
export const DTYPES = ['float64', 'float32', 'float16'] as const;
export type Dtype = (typeof DTYPES)[number];

/** A format and a provider of onnxruntime. */
export interface Target {
  readonly provider: Provider;
  readonly dtype: Dtype;
}
