/** A module in WebAssembly's text form, assembled by `scripts/wat.mjs`: its bytes in base 64. */
declare module '*.wat' {
  const bytes: string;
  export default bytes;
}
