// What the parser needs of mathjs; the build makes one file of it.
export { create, factory, parseDependencies } from 'mathjs/number';
