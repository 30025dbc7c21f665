/** What a theorem file in plain JavaScript may try, against what is then said of y = relu(x). */
import { describe, expect, it } from 'vitest';
import * as rules from '../../src/api/rules.js';
import { verify } from '../../src/audit/verify.js';
import { checked } from '../../src/certificate/checked.js';
import { readInstance } from '../../src/instance/instance.js';
import { Builder } from '../../src/network/builder.js';
import { tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { Fact } from '../../src/proof/fact.js';
import type { Theorem } from '../../src/proof/theorem.js';

const q = (num: number, den = 1) => Rational.of(num, den);
const FALSE = 'for all x in [0, 1]: y <= 1/2';
const TRUE = 'for all x in [0, 1]: y <= 1';

/** The verdict on the claims of a theorem, and whether the checker saw the same. */
async function said(...claims: readonly object[]) {
  const theorem = {
    ...{ id: 'mine', summary: 's', statement: 's', parameters: {} },
    source: { paper: 'p', theorem: 't', trust: 'recalled' },
    construct: () => {
      const b = new Builder();
      return { network: b.network({ y: b.relu(b.input('x', { n: 1 })) }), design: null };
    },
    claims,
  } as unknown as Theorem;
  const instance = readInstance('theorem: mine\n');
  const result = await verify(theorem, instance, { seed: 1, digits: 20, execution: [], progress: () => {} });
  return checked(result).claims.map(({ verdict, checked }) => `${verdict}${checked === true ? ' (checked)' : ''}`);
}

const claim = (prove: (audit: never) => unknown, says: string = FALSE) => ({
  ...{ id: 'error', kind: 'bound', statement: 's', trust: 'proved' },
  ...{ says: () => says, prove },
});
type Of = { readonly network: ReturnType<Builder['network']> };

describe('an author', () => {
  const proved = ({ network }: Of) => rules.proveStatement(network, TRUE);
  const forged = ({ network }: Of) => ({
    ...{ kind: 'fact', id: 'a', text: 't', network, at: null, where: null, premises: [], rule: { id: 'r', tex: '' } },
    sentence: rules.sentence('for all x in [0, 1]: y <= 1/4'),
  });

  it('is believed what rules show', async () => {
    expect(await said(claim(proved as never, TRUE))).toEqual(['proved (checked)']);
  });

  it('cannot return other outcomes when they are read again', async () => {
    const byGetter = (audit: Of) => {
      let reads = 0;
      return {
        get outcomes() {
          return reads++ === 0 ? proved(audit).outcomes : [forged(audit)];
        },
        method: 'm',
      };
    };
    const byMethod = (audit: Of) => {
      const outcomes = [...proved(audit).outcomes];
      const methods = { filter: () => [forged(audit)], flatMap: () => [forged(audit)], map: () => [forged(audit)] };
      return { outcomes: Object.assign(outcomes, methods), method: 'm' };
    };
    const byKind = (audit: Of) => {
      let reads = 0;
      const outcome = { ...forged(audit), difference: 'd', statement: 's' };
      Object.defineProperty(outcome, 'kind', { get: () => (reads++ === 0 ? 'open' : 'fact') });
      return { outcomes: [outcome], method: 'm' };
    };
    for (const prove of [byGetter, byMethod, byKind])
      expect((await said(claim(prove as never)))[0], prove.name).not.toContain('proved');
    const byProxy = (audit: Of) => ({ outcomes: [new Proxy(proved(audit).outcomes[0] as object, {})], method: 'm' });
    await expect(said(claim(byProxy as never))).rejects.toThrow('an outcome that no rule made');
  });

  it('cannot change what facts and sentences answer', () => {
    const [fact] = rules.proveStatement(new Builder().network({}) as never, '1 <= 2').outcomes;
    for (const of of [Fact.prototype, Fact, Object.getPrototypeOf((fact as Fact).sentence)])
      expect(() => Object.defineProperty(of, 'text', { value: 'x', configurable: true })).toThrow(TypeError);
  });

  it('measures nothing', async () => {
    const finding = { verdict: 'observed', statement: 'P = NP', predicted: null, enclosure: null, witness: null };
    const execution = { id: 'execution', kind: 'execution', statement: 's', tex: '', trust: 'proved' };
    const own = { ...execution, prove: () => ({ ...finding, steps: [], method: 'm' }) };
    await expect(said(own)).rejects.toThrow('a claim without a statement');
  });

  it('calls claims by ids that certificates know, each once', async () => {
    const of = (id: unknown) => ({ ...claim(proved as never, TRUE), id });
    for (const id of ['__proto__', 'a b', '', 'é', 'a\n']) await expect(said(of(id))).rejects.toThrow('a claim called');
    await expect(said(of('a'), of('a'))).rejects.toThrow('twice');
    expect((await said(of('toString'), of('constructor')))[1]).toBe('proved (checked)');
  });

  it('has one box searched and spoken of', async () => {
    const one = { kind: 'constant', value: q(0) } as const;
    const within = 'for all x in [0, 1]: |y - (0)| <= 1/2';
    for (let reads = 0; reads < 8; reads++) {
      const prove = ({ network }: Of) => {
        let left = reads;
        const side = () => (left-- > 0 ? [q(0), q(1, 10)] : [q(0), q(1)]) as [Rational, Rational];
        const target = { output: 'y', f: one, variables: ['x'], side: side() };
        Object.defineProperty(target, 'side', { get: side, enumerable: true });
        return { outcomes: rules.proveSupNorm(network, target, null, {}).outcomes, method: 'm' };
      };
      expect((await said(claim(prove as never, within)))[0]).not.toContain('proved');
    }
    const odd = Object.create(Rational.prototype, { toString: { value: () => '1' } }) as object;
    const prove = ({ network }: Of) => {
      const end = Object.setPrototypeOf(q(1, 10), odd) as Rational;
      const target = { output: 'y', f: one, variables: ['x'], side: [q(0), end] as const };
      return { outcomes: rules.proveSupNorm(network, target, null, {}).outcomes, method: 'm' };
    };
    expect((await said(claim(prove as never, within)))[0]).not.toContain('proved');
  });

  it('has samples evaluated that are the ones of the hash', async () => {
    const sample = (expected: Rational) => ({ inputs: { x: tensor([1], [q(1)]) }, expected });
    const list = [sample(q(5))];
    const says = rules.samplesSentence('y', list, q(1, 10));
    const prove = ({ network }: Of) => {
      list[0] = sample(q(1));
      return { outcomes: [rules.proveByExactEvaluation(network, 'y', list, 's')], method: 'm' };
    };
    expect((await said({ ...claim(prove as never), says: () => says }))[0]).toBe('undecided');
  });

  it('has no other relations checked than those that are claimed', async () => {
    const by =
      (...relation: [string, '=' | '<=', string]) =>
      () => ({
        ...{ outcomes: [rules.proveArithmetic([relation])], method: 'm' },
      });
    expect((await said(claim(by('2', '<=', '3'), '2 <= 3')))[0]).toBe('proved (checked)');
    expect((await said(claim(by('7', '=', '8'), '2 <= 3')))[0]).toBe('proved');
    expect((await said(claim(by('7', '=', '8'), '7 = 8')))[0]).toBe('refuted');
    expect((await said(claim(by('7', '=', '7'), '2 <= 3')))[0]).toBe('proved');
  });
});
