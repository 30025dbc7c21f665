import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import theorem from '../../proofs-check/head-count/single-head-memorization.js';
import { verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { UnsupportedOperation } from '../../src/evaluate/algebra.js';
import { measured } from '../../src/execution/claim.js';
import { type Instance, readInstance } from '../../src/instance/instance.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import type { ClaimKind, Theorem } from '../../src/proof/theorem.js';
import type { Verdict } from '../../src/proof/verdict.js';
import { withConstants, withEntry } from '../generators/rebuild.js';

const OPTIONS = { seed: 1, digits: 50, execution: [], progress: () => {} };

describe('verify', () => {
  const file = fileURLToPath(new URL('./fixtures/instance.yaml', import.meta.url));
  const instance = (claims = ''): Instance =>
    readInstance(`theorem: single-head-memorization\nparams: {T: 2, d: 1, data: five-rows.csv}\n${claims}`, file);
  const audit = async (of: Instance, network?: (built: Network) => Network) => {
    const result = await verify(theorem as unknown as Theorem, of, { ...OPTIONS, network });
    return {
      verdict: result.verdict,
      ...Object.fromEntries(result.claims.map(({ id, verdict }) => [id, verdict])),
      result,
    };
  };
  const changed = (name: string, index: number, delta: Rational) => (built: Network) =>
    withConstants(built, (value, at) =>
      at === name ? withEntry(value, index, value.at(index, Rational.zero).add(delta)) : value,
    );

  it('proves every claim about the network that is built', async () => {
    const { result, ...verdicts } = await audit(instance());
    expect(verdicts).toEqual({
      verdict: 'proved',
      embedding: 'proved',
      error: 'proved',
      parameters: 'proved',
      separation: 'proved',
    });
    expect(result.notes).toEqual(['1 duplicate sequences with equal labels were merged']);
  });

  it('refuses a bound of a claim that is held against none', async () => {
    await expect(audit(instance('claims: {embedding: {bound: -1}}'))).rejects.toThrow(
      /claims\.embedding\.bound.*held against no bound/,
    );
  });

  it('refuses a network with other inputs or outputs than the claims speak of', async () => {
    const another = (inputs: readonly string[], outputs: readonly string[]) => () => {
      const b = new Builder();
      const sum = inputs.map((name) => b.input(name, { token: 2, coordinate: 1 })).reduce((a, c) => b.add(a, c));
      const y = b.reduceSum(sum, 0);
      return b.network(Object.fromEntries(outputs.map((name) => [name, y])));
    };
    const refused = /a network with the inputs .*; allowed: the inputs 'x' \[2, 1\] and the outputs 'y' \[1\]/;
    await expect(audit(instance(), another(['u'], ['y']))).rejects.toThrow(refused);
    await expect(audit(instance(), another(['x', 'u'], ['y']))).rejects.toThrow(refused);
    await expect(audit(instance(), another(['x'], ['y', 'z']))).rejects.toThrow(refused);
    expect((await audit(instance(), another(['x'], ['y']))).verdict).toBe('refuted');
  });

  it('finds the claim that a changed weight breaks', async () => {
    const tiny = Rational.pow2(-300);
    expect(await audit(instance(), changed('hidden.bias', 2, tiny))).toMatchObject({
      verdict: 'refuted',
      error: 'refuted',
    });
    expect(await audit(instance(), changed('output.bias', 0, tiny))).toMatchObject({
      verdict: 'refuted',
      error: 'refuted',
    });
    expect(await audit(instance(), changed('W_O', 0, tiny))).toMatchObject({
      embedding: 'undecided',
      error: 'refuted',
    });
  });

  it('leaves claims undecided that need irrational arithmetic', async () => {
    const curved = (built: Network) => changed('c0', 0, Rational.one)(changed('W_Q', 0, Rational.one)(built));
    const { result, ...verdicts } = await audit(instance(), curved);
    expect(verdicts).toMatchObject({ embedding: 'undecided', error: 'undecided', separation: 'undecided' });
    expect(result.claims.find(({ id }) => id === 'error')!.facts![0]).toContain('irrational');
  });

  it('compares with the bounds that the instance states', async () => {
    expect(await audit(instance('claims: {parameters: {bound: 21}}'))).toMatchObject({ parameters: 'proved' });
    expect(await audit(instance('claims: {parameters: {bound: 20}}'))).toMatchObject({ parameters: 'refuted' });
    expect(await audit(instance('claims: {separation: {bound: 1e9}}'))).toMatchObject({ separation: 'refuted' });
    await expect(audit(instance('claims: {errors: {bound: 1}}'))).rejects.toThrow(
      /field 'claims\.errors': unknown claim 'errors'; allowed: embedding, error, parameters, separation/,
    );
  });

  it('says where bad data stand', async () => {
    const bad = readInstance('theorem: t\nparams:\n  T: 1\n  d: 1\n  data: five-rows.csv\n', file);
    await expect(audit(bad)).rejects.toThrow(InputError);
    await expect(audit(bad)).rejects.toThrow(/five-rows\.csv:1.*3 columns/);
  });
});

describe('what a claim may find', () => {
  const b = new Builder();
  const network = b.network({ y: b.input('x', { k: 1 }) });
  const claiming = (kind: ClaimKind, prove: () => Verdict, more: object = {}): Theorem => ({
    id: 'fake',
    summary: '',
    statement: '',
    source: { paper: '', theorem: '', trust: 'recalled' },
    parameters: {},
    construct: () => ({ network, design: null }),
    claims: [
      (kind === 'execution' ? measured : same)({
        id: 'claim',
        kind,
        statement: '',
        tex: '',
        trust: 'recalled',
        prove: () => ({ verdict: prove(), predicted: null, enclosure: null, witness: null, steps: [], method: '' }),
        ...more,
      }) as never,
    ],
  });
  const same = <C>(claim: C) => claim;
  const run = async (kind: ClaimKind, prove: () => Verdict, more?: object) =>
    (await verify(claiming(kind, prove, more), readInstance('theorem: fake'), OPTIONS)).verdict;

  it('never reports an observation as a proof, nor an execution as proved', async () => {
    for (const kind of ['identity', 'bound', 'quantity', 'rate', 'barrier'] as const)
      for (const verdict of ['observed', 'proved', 'refuted'] as const)
        await expect(run(kind, () => verdict)).rejects.toThrow('a claim without a statement');
    await expect(run('execution', () => 'proved')).rejects.toThrow('cannot be proved');
    expect(await run('execution', () => 'observed')).toBe('proved');
    expect(await run('execution', () => 'refuted')).toBe('refuted');
  });

  it('leaves undecided what no rule can compute, and passes on every other failure', async () => {
    const failing = (error: Error) => () => {
      throw error;
    };
    const says = { says: () => 'for all x in [0, 1]: y <= 1' };
    const prove = (error: Error) => run('bound', failing(error), says);
    expect(await prove(new UnsupportedOperation('no exp here'))).toBe('undecided');
    await expect(prove(new TypeError('a defect'))).rejects.toThrow(TypeError);
    await expect(prove(new InputError({ found: 'bad' }))).rejects.toThrow(InputError);
  });
});
