declare module 'virtual:theorems' {
  import type { Theorem } from '../../src/proof/theorem.js';

  const theorems: readonly {
    readonly id: string;
    readonly theorem: Theorem;
    readonly examples: readonly { readonly name: string; readonly params: Readonly<Record<string, string>> }[];
  }[];
  export default theorems;
}
