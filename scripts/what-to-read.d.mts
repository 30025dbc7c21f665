/** Lines that hold code: no blank ones, no comments. */
export function codeLines(file: string): number;
/** The files that every check runs. */
export const CORE: ReadonlySet<string>;
/** The files that a rule runs beside these, by its id. */
export function filesOfRules(): ReadonlyMap<string, ReadonlySet<string>>;
