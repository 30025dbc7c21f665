import { register } from 'node:module';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, quote } from '../errors.js';
import { UnsupportedOperation } from '../evaluate/algebra.js';
import { importFile } from '../imports.js';
import { Fact, type Outcome } from '../proof/fact.js';
import type { Hypothesis, Theorem, Trust } from '../proof/theorem.js';
import { EXTENSION, PACKAGE } from '../root.js';

const NAME = 'exhibit-audit';

/**
 * The theorem that a module of the user's exports as its default. What goes wrong in the module is the user's to mend: it
 * becomes an InputError with the file, the line and the claim.
 */
export async function loadModule(file: string): Promise<Theorem> {
  if (/\.m?ts$/.test(file) && !stripsTypes()) {
    const found = `a TypeScript file, which node ${process.versions.node} does not read`;
    throw new InputError({ file, found, allowed: 'node 22.18 or later for .ts', mend: 'compile it to .mjs' });
  }
  shareThisPackage();
  const module = await guarded(file, undefined, () => importFile(file));
  return guardedTheorem(checked(file, module.default), file);
}

/** A module's `exhibit-audit` is this copy of it, wherever the module lies: facts of another copy would not be known here. */
let shared = false;
function shareThisPackage(): void {
  if (shared || typeof register !== 'function') return;
  shared = true;
  const hook = `
    export const resolve = (name, context, next) =>
      name === '${NAME}' || name.startsWith('${NAME}/')
        ? next(name, { ...context, parentURL: ${JSON.stringify(new URL('package.json', PACKAGE).href)} })
        : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

/** Node does from 22.18 on; what loads our own sources does. */
function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: unknown }).typescript) || EXTENSION === '.ts';
}

type Check = readonly [field: string, allowed: string, holds: (value: unknown) => boolean];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const isFunction = (value: unknown) => typeof value === 'function';
const TRUSTS: readonly unknown[] = ['proved', 'paper', 'recalled'] satisfies readonly Trust[];
const isTrust = (value: unknown) => TRUSTS.includes(value);
const isSource = (value: unknown) => isObject(value) && isTrust((value as Theorem['source']).trust);
const optional = (holds: (value: unknown) => boolean) => (value: unknown) => value === undefined || holds(value);

/** What the commands rely on, before anything of it is used. */
const THEOREM: readonly Check[] = [
  ['id', 'a text', isText],
  ['summary', 'a text of one line', isText],
  ['statement', 'a text', isText],
  ['source', '{ paper, theorem, trust }', isObject],
  ['parameters', 'an object of parameters such as { R: rational(...) }', isObject],
  ['construct', 'a function that returns { network, design }', isFunction],
  ['claims', 'a list of claims', Array.isArray],
  ['source', `{ paper, theorem, trust: ${TRUSTS.join(', ')} }`, isSource],
  ['rates', 'a list of rates', optional(Array.isArray)],
  ...(['examine', 'dataset', 'inputs', 'hypotheses'] as const).map(
    (field): Check => [field, 'a function', optional(isFunction)],
  ),
];
const KINDS = ['identity', 'bound', 'quantity', 'rate', 'barrier', 'execution'];
const CLAIM: readonly Check[] = [
  ['id', 'a text', isText],
  ['kind', KINDS.join(', '), (value) => KINDS.includes(value as string)],
  ['statement', 'a text', isText],
  ['trust', TRUSTS.join(', '), optional(isTrust)],
  ['prove', 'a function', isFunction],
  ['limit', 'a function that returns the bound', optional(isFunction)],
  ['says', "a function that returns a statement, such as () => 'for all x in [0, 1]: y <= 1'", optional(isFunction)],
  ['applies', 'a function that returns true or false', optional(isFunction)],
];

function checked(file: string, value: unknown): Theorem {
  if (!isObject(value)) {
    const found = value === undefined ? 'no default export' : `a default export that is a ${typeof value}`;
    throw new InputError({
      file,
      found,
      allowed: 'export default theorem, an object with id, parameters, construct, claims',
    });
  }
  checkFields(file, 'the theorem', value as Record<string, unknown>, THEOREM);
  const theorem = value as unknown as Theorem;
  theorem.claims.forEach((claim, k) => {
    const found: unknown = claim;
    if (!isObject(found))
      throw new InputError({ file, field: `claims[${k}]`, found: `a ${typeof found}`, allowed: 'a claim' });
    checkFields(file, `claim ${claim.id ?? k + 1}`, found as Record<string, unknown>, CLAIM);
  });
  const ids = theorem.claims.map(({ id }) => id);
  const twice = ids.find((id, k) => ids.indexOf(id) < k);
  if (twice !== undefined)
    throw new InputError({ file, found: `two claims with the id ${quote(twice)}`, allowed: 'each id once' });
  for (const [name, parameter] of Object.entries(theorem.parameters)) {
    const isParameter = isObject(parameter) && isFunction(parameter.read) && isFunction(parameter.show);
    if (isParameter) continue;
    const allowed = 'integer(...), rational(...), choice(...), text(...) and their like';
    throw new InputError({ file, field: `parameters.${name}`, found: `a ${typeof parameter}`, allowed });
  }
  return theorem;
}

function checkFields(file: string, what: string, value: Record<string, unknown>, checks: readonly Check[]): void {
  for (const [field, allowed, holds] of checks) {
    if (holds(value[field])) continue;
    const found =
      value[field] === undefined ? `${what} without ${field}` : `${what}, whose ${field} is ${kindOf(value[field])}`;
    throw new InputError({ file, found, allowed: `${field}: ${allowed}` });
  }
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return value === null ? 'null' : isObject(value) ? 'an object' : `a ${typeof value}`;
}

/** The theorem with its functions wrapped, so that what they throw names the file, the line and the claim. */
function guardedTheorem(theorem: Theorem, file: string): Theorem {
  return {
    ...wrapped(theorem, (field) => field, file),
    construct: async (params, surroundings) => {
      const made = await guarded(file, 'construct', async () => theorem.construct(params, surroundings));
      if (isNetwork(made?.network)) return made;
      const found = made === undefined ? 'construct returned nothing' : 'construct returned no network';
      throw new InputError({ file, field: 'construct', found, allowed: '{ network: builder.network({ y }), design }' });
    },
    ...(theorem.hypotheses && {
      hypotheses: (params: never, design: unknown) => {
        const found: unknown = guarded(file, 'hypotheses', () => theorem.hypotheses!(params, design));
        if (Array.isArray(found) && found.every(isObject)) return found as readonly Hypothesis[];
        const allowed = 'a list of { id, statement, verdict }';
        throw new InputError({ file, field: 'hypotheses', found: `a ${typeof found}`, allowed });
      },
    }),
    claims: theorem.claims.map((claim) => {
      const field = `claim ${claim.id}`;
      return {
        ...wrapped(claim, () => field, file),
        prove: async (audit: never) => {
          const found = await guarded(file, field, async () => claim.prove(audit));
          checkProof(file, field, found, 'says' in claim);
          if (isObject(found)) return found;
          throw new InputError({ file, field, found: `prove returned ${String(found)}`, allowed: 'what rules found' });
        },
      };
    }) as unknown as Theorem['claims'],
  };
}

const PROOF: readonly string[] = ['outcomes', 'method', 'notes'];

/**
 * What a claim's proof is, so that what it must not be is said with the file: outcomes of rules, which the kernel looks at again,
 * and texts. A verdict or steps of the author's own would be of no account.
 */
function checkProof(file: string, field: string, found: unknown, isStated: boolean): void {
  const { outcomes, method, notes } = (found ?? {}) as Record<string, unknown>;
  const other = isStated ? Object.keys(found ?? {}).find((name) => !PROOF.includes(name)) : undefined;
  const isForged = (outcome: unknown) => !Fact.isGenuine(outcome) && (outcome as Outcome | null)?.kind !== 'open';
  if (other !== undefined || (isStated && Array.isArray(outcomes) && outcomes.some(isForged))) {
    const what = other === undefined ? 'an outcome that no rule made' : `${quote(other)}, which no claim returns`;
    const allowed = '{ outcomes, method, notes }, outcomes as rules return them; verdicts follow from these';
    throw new InputError({ file, field, found: what, allowed });
  }
  const isList = notes === undefined || (Array.isArray(notes) && notes.every(isText));
  if (!isObject(found) || Array.isArray(found) || (isText(method) && isList)) return;
  const wrong = isText(method) ? `notes that are a ${typeof notes}` : `a method that is a ${typeof method}`;
  throw new InputError({ file, field, found: wrong, allowed: '{ outcomes, method: a text, notes: a list of texts }' });
}

/** The object with every function of its own guarded. */
function wrapped<T extends object>(of: T, fieldOf: (name: string) => string, file: string): T {
  const entries = Object.entries(of).map(([name, value]) => [
    name,
    typeof value === 'function'
      ? (...args: never[]) => guarded(file, fieldOf(name), () => value.apply(of, args))
      : value,
  ]);
  return Object.fromEntries(entries) as T;
}

function isNetwork(value: unknown): boolean {
  return isObject(value) && Array.isArray((value as { nodes?: unknown }).nodes);
}

function guarded<T>(file: string, field: string | undefined, run: () => T): T {
  const place = { file: relative(process.cwd(), file), field };
  const fault = (error: unknown) =>
    error instanceof InputError ? error.at(place) : isOurs(error) ? error : faultOf(error, file, field);
  try {
    const result = run();
    return result instanceof Promise
      ? (result.catch((error) => {
          throw fault(error);
        }) as T)
      : result;
  } catch (error) {
    throw fault(error);
  }
}

/** Errors that the commands understand as they are. */
function isOurs(error: unknown): boolean {
  return error instanceof InputError || error instanceof UnsupportedOperation;
}

function faultOf(error: unknown, file: string, field: string | undefined): InputError {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const line = Number(stack.split(pathToFileURL(file).href)[1]?.match(/^[^:]*:(\d+)/)?.[1]);
  const [first] = message.split('\n');
  return new InputError({
    file: relative(process.cwd(), file),
    ...(Number.isInteger(line) && line > 0 && { line }),
    field,
    found: `${name}: ${first}`,
    mend: mendingOf(first),
  });
}

/** How a package comes to be found; 'exhibit' on npm is another one. */
function mendingOf(message: string): string | undefined {
  const [, name] = /Cannot find package '([^']*)'/.exec(message) ?? [];
  if (name === undefined) return;
  return name === 'exhibit' ? `this package is ${quote(NAME)}` : `install ${quote(name)} beside the file`;
}
