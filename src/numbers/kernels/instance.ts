interface WithMemory {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

/** Bytes that a memory of 32-bit addresses has, with room to spare. */
const MOST_BYTES = 2 ** 31;
const PAGE = 65_536;

/**
 * What gives the exports of a module from its bytes in base 64 with a memory of at least so many bytes; compiled when it is first
 * needed, null where WebAssembly or its SIMD is missing or switched off, or no memory is so large.
 */
export function kernelFrom<K extends WithMemory>(assembled: string): (bytes: number) => K | null {
  let made: K | 'none' | undefined;
  return (bytes) => {
    if (bytes > MOST_BYTES) return null;
    made ??= instantiated<K>(assembled) ?? 'none';
    if (made === 'none') return null;
    const missing = Math.ceil((bytes - made.memory.buffer.byteLength) / PAGE);
    if (missing > 0) made.memory.grow(missing);
    return made;
  };
}

function instantiated<K extends WithMemory>(assembled: string): K | null {
  if (process.env.EXHIBIT_WASM === '0') return null;
  try {
    const module = new WebAssembly.Module(Buffer.from(assembled, 'base64'));
    return new WebAssembly.Instance(module).exports as unknown as K;
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError || error instanceof ReferenceError)) throw error;
    return null;
  }
}
