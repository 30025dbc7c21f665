import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { describe as print } from '../../src/checker/command.js';
import { type Bounds, Fact, type Premises, type Rule } from '../../src/checker/fact.js';
import { readNetwork } from '../../src/checker/network.js';
import { RULES } from '../../src/checker/rules/index.js';
import { Session } from '../../src/checker/session.js';
import { byHand, direct, type HandClaim, type HandNode, networkOf } from '../generators/certificates-by-hand.js';

const pair: HandNode[] = [
  { op: 'input', shape: [2, 1], name: 'x' },
  { op: 'reduceSum', inputs: [0], shape: [1], axis: 0 },
];
const number: HandNode[] = [{ op: 'input', shape: [1], name: 'x' }];

function outcomeOf(
  nodes: readonly HandNode[],
  claims: readonly HandClaim[],
  unchecked: { id: string; reason: string }[] = [],
) {
  const { certificate, network } = byHand(nodes, claims, unchecked);
  return checkCertificate(certificate, network);
}

function statementOf(nodes: readonly HandNode[], claim: HandClaim): string {
  const { claims, reason } = outcomeOf(nodes, [claim]);
  expect(reason).toBeNull();
  return claims[0].statement!;
}

describe('facts', () => {
  const session = new Session(readNetwork(networkOf(pair), ''));
  const other = new Session(readNetwork(networkOf(pair), ''));
  const bounds = (to: string, entries = '0..1') => ({
    ...{ node: 0, domain: { x: ['0', to] }, entries, target: '0', lo: '0', hi: to },
  });
  const fact = (to: string, where = session) => Fact.derive(where, RULES['sup-norm'], bounds(to), []);

  it('of one domain and one network combine', () => {
    const pass: Rule = (_, __, premises: Premises) => premises.bounds[1];
    expect(Fact.derive(session, pass, null, [fact('1'), fact('1')]).content.kind).toBe('within');
  });

  it('of different domains or networks are refused before any rule sees them', () => {
    const never: Rule = () => {
      throw new Error('a rule was asked');
    };
    expect(() => Fact.derive(session, never, null, [fact('1'), fact('100')])).toThrow(/different domains/);
    expect(() => Fact.derive(session, never, null, [fact('1'), fact('1', other)])).toThrow(/another network/);
  });

  it('cannot leave the domain of their premises, nor have crossed ends, nor say nothing', () => {
    const one = fact('1').content as Bounds;
    const give = (change: object) => () =>
      Fact.derive(session, () => ({ ...one, ...change }) as never, null, [fact('1')]);
    expect(give({})).not.toThrow();
    expect(give({ domain: session.domain({ x: ['0', '2'] }) })).toThrow(/leaves the domain/);
    expect(give({ domain: session.domain({ x: null }) })).toThrow(/leaves the domain/);
    expect(give({ entries: new Map() })).toThrow(/bounds no entry/);
    const [entry] = one.entries.values();
    expect(give({ entries: new Map([[0, { ...entry, lo: entry.hi, hi: entry.lo }]]) })).toThrow(/crossed/);
  });

  it('cannot be made by hand', () => {
    const forged = { content: fact('1').content } as Fact;
    expect(() => Fact.derive(session, RULES['comparison-tree'], null, [forged])).toThrow(TypeError);
    expect(() => (Reflect.construct(Fact, []) as Fact).content.kind).toThrow();
  });
});

describe('premises of different domains', () => {
  const [wide, unit] = [{ x: ['0', '100'] }, { x: ['0', '1'] }];
  const bound = (node: number, domain: object, target: string, [lo, hi]: string[], tokens?: string) => ({
    rule: 'sup-norm',
    data: { node, domain, entries: '0..1', ...(tokens && { tokens }), target, lo, hi },
  });

  it('do not combine in the minimum of a monotone net', () => {
    const domain = { x: ['0', '100'] };
    const target = 'min_{t in 1..2}(x[t,1])';
    const conclusion = { kind: 'approximation', output: 'y', domain, target, lo: '0', hi: '1' };
    const steps = [
      bound(0, wide, 'x[t,1]', ['0', '0'], '1..2'),
      bound(0, unit, '0', ['0', '1']),
      { rule: 'monotone-minimum', premises: ['s0', 's1'], data: { node: 1, of: 0, sum: 1 } },
    ];
    expect(outcomeOf(pair, [{ id: 'error', conclusion, steps }]).reason).toMatch(/different domains/);
  });

  it('do not combine in any rule', () => {
    for (const rule of Object.keys(RULES)) {
      const steps = [
        bound(0, wide, 'x[t,1]', ['0', '0'], '1..2'),
        bound(0, unit, '0', ['0', '1']),
        { rule, premises: ['s0', 's1'], data: { node: 1, of: 0, z: 0 } },
      ];
      expect(outcomeOf(pair, [{ id: 'error', conclusion: {}, steps }]).reason, rule).toMatch(/different domains/);
    }
  });
});

describe('collisions', () => {
  const collision = (points: [string, string], eps: string, slope: string, nodes = number) =>
    outcomeOf(nodes, [
      direct('c', 'collision', 'collision', {
        output: 'y',
        inputs: points.map((x) => ({ x: [x] })),
        target: 'x',
        eps,
        slope,
      }),
    ]).reason;

  it('need targets that are more than 2 eps apart', () => {
    expect(collision(['1', '1'], '0', '1000000')).toMatch(/not more than 2 eps apart/);
    expect(collision(['0', '1'], '1/2', '1')).toMatch(/not more than 2 eps apart/);
    expect(collision(['0', '1'], '3/4', '1')).toMatch(/not more than 2 eps apart/);
    expect(collision(['0', '1'], '1/4', '501/1000')).toMatch(/do not force/);
    expect(collision(['0', '1'], '1/4', '1/2')).toBeNull();
  });
});

describe('statements', () => {
  const gathered = (indices: number[]): HandNode[] => [
    { op: 'input', shape: [6], name: 'x' },
    { op: 'gather', inputs: [0], shape: [indices.length], axis: 0, indices },
  ];
  const identity = (entries: string[]) => direct('same', 'identity', 'affine-identity', { node: 1, entries });

  it('name every entry, or the hash of the list that does', () => {
    const places = [0, 1, 4, 4, 2, 5];
    const entries = places.map((k) => `x[${k + 1}]`);
    expect(statementOf(gathered(places), identity(entries))).toBe(
      'for all real inputs the 6 entries of node 1 are x[1], x[2], x[5], x[5], x[3], x[6]',
    );
    const many = Array.from({ length: 200 }, (_, k) => k % 6);
    const long = many.map((k) => `x[${k + 1}]`);
    const said = statementOf(gathered(many), identity(long));
    expect(said).toMatch(/are the 200 of the certificate with the SHA-256 [0-9a-f]{64}$/);
    const other = many.with(100, (many[100] + 1) % 6);
    expect(statementOf(gathered(other), identity(other.map((k) => `x[${k + 1}]`)))).not.toBe(said);
  });

  it('about constants name some, and say whether these are all', () => {
    const nodes: HandNode[] = [
      ...number,
      { op: 'constant', shape: [1], dense: ['1000000'] },
      { op: 'constant', shape: [1], dense: ['1'] },
      { op: 'mul', inputs: [0, 1], shape: [1] },
      { op: 'mul', inputs: [3, 2], shape: [1] },
    ];
    const weight = (constants: number[], bound: string) => direct('w', 'weight', 'weight', { constants, bound });
    const count = (dense: number[], sparse: number[]) =>
      direct('p', 'parameters', 'counting', { dense, sparse, count: `${dense.length + sparse.length}` });
    expect(outcomeOf(nodes, [weight([], '0')]).reason).toMatch(/names no constant/);
    expect(outcomeOf(nodes, [count([], [])]).reason).toMatch(/names no constant/);
    expect(statementOf(nodes, weight([2], '1'))).toMatch(/nodes 2 \(1 of the 2 constants of the network\)/);
    expect(statementOf(nodes, count([2], [1]))).toMatch(/nodes 2, 1 \(all of the 2 constants of the network\)/);
    expect(statementOf(number, count([], []))).toMatch(/of which there are none, hold 0 numbers/);
  });

  it('with an empty list of relations, samples, modes or rows are refused', () => {
    for (const [kind, rule, data] of [
      ['arithmetic', 'arithmetic', { relations: [] }],
      ['samples', 'exact-evaluation', { output: 'y', samples: [], bound: '0' }],
      ['response', 'transfer-identity', { modes: [] }],
      ['flow', 'information-flow', { layers: ['argmax'], task: [], brought: [] }],
      ['identity', 'affine-identity', { node: 0, entries: [] }],
    ] as const) {
      expect(outcomeOf(number, [direct('c', kind, rule, data)]).verdict, rule).toBe('rejected');
    }
  });

  it('are those of the conclusion, which the steps must prove', () => {
    const relations = [['0', '=', '0']];
    const claim = direct('a', 'arithmetic', 'arithmetic', { relations });
    expect(outcomeOf(number, [claim]).verdict).toBe('verified');
    const other = { ...claim, conclusion: { kind: 'arithmetic', relations: [['0', '=', '1']] } };
    expect(outcomeOf(number, [other]).reason).toMatch(/do not prove its conclusion/);
    expect(outcomeOf(number, [{ ...claim, conclusion: {} }]).reason).toMatch(/do not prove/);
  });

  it('have names of their own', () => {
    const claim = direct('a', 'arithmetic', 'arithmetic', { relations: [['0', '=', '0']] });
    expect(outcomeOf(number, [claim, claim]).reason).toMatch(/two claims "a"/);
    expect(outcomeOf(number, [claim], [{ id: 'a', reason: 'none' }]).reason).toMatch(/two claims "a"/);
  });
});

describe('what the checker does not know', () => {
  const nodes: HandNode[] = [
    ...number,
    { op: 'constant', shape: [1], dense: ['3'] },
    { op: 'mul', inputs: [0, 1], shape: [1] },
    { op: 'exp', inputs: [2], shape: [1] },
    { op: 'div', inputs: [3, 1], shape: [1] },
    { op: 'div', inputs: [1, 4], shape: [1] },
    { op: 'power', inputs: [5], shape: [1], exponent: 3 },
    { op: 'reshape', inputs: [6], shape: [1, 1] },
    { op: 'normalise', inputs: [7], shape: [1, 1], axis: 1, epsilon: '1/100' },
    { op: 'argmax', inputs: [8], shape: [1], axis: 1 },
  ];
  const bound = (target: string) => {
    const data = { domain: { x: ['0', '1'] }, target, lo: '0', hi: '0' };
    const steps = [{ rule: 'sup-norm', data: { ...data, node: 0, entries: '0' } }];
    return { id: 'error', conclusion: { kind: 'approximation', output: 'y', ...data }, steps };
  };

  it('leaves a claim unfinished, which is neither verified nor found false', () => {
    const identity = direct('same', 'identity', 'affine-identity', { node: 9, entries: ['x'] });
    const known = direct('known', 'identity', 'affine-identity', { node: 2, entries: ['3*x'] });
    const weight = direct('weight', 'weight', 'weight', { constants: [1], bound: '3' });
    const { claims } = outcomeOf(nodes, [identity, known, weight]);
    expect(claims.map(({ verdict }) => verdict)).toEqual(['unfinished', 'verified', 'verified']);
    expect(claims[0].reason).toMatch(/argmax, has no value/);
    expect(outcomeOf(number, [bound('erf(x)')]).claims[0]).toMatchObject({ verdict: 'unfinished' });
    expect(outcomeOf(number, [bound('erf')]).claims[0]).toMatchObject({ verdict: 'rejected' });
  });

  it('counts as nonlinear', () => {
    const size = (quantity: string, bound: string) =>
      outcomeOf(nodes, [direct('s', 'size', 'size', { quantity, bound })]).verdict;
    expect([size('depth', '5'), size('depth', '4')]).toEqual(['verified', 'rejected']);
    expect([size('units', '5'), size('units', '4')]).toEqual(['verified', 'rejected']);
  });

  it('is held against bounds from both sides', () => {
    const size = (ends: object) =>
      outcomeOf(nodes, [direct('s', 'size', 'size', { quantity: 'units', ...ends })]).verdict;
    const weight = (ends: object) =>
      outcomeOf(nodes, [direct('w', 'weight', 'weight', { constants: [1], ...ends })]).verdict;
    expect([size({ least: '5' }), size({ least: '6' })]).toEqual(['verified', 'rejected']);
    expect(size({ bound: '5', least: '5' })).toBe('verified');
    for (const ends of [{}, { bound: '4', least: '1' }, { bound: '9', least: '6' }])
      expect(size(ends)).toBe('rejected');
    expect([weight({ least: '3' }), weight({ least: '3.5' })]).toEqual(['verified', 'rejected']);
    expect([weight({ bound: '3', least: '-1' }), weight({})]).toEqual(['verified', 'rejected']);
  });

  it('has the shape that the operation gives', () => {
    for (const [k, shape] of [
      [3, [2]],
      [5, [2]],
      [8, [1]],
      [9, [1, 1]],
    ] as const) {
      const changed = nodes.slice(0, k + 1).with(k, { ...nodes[k], shape });
      expect(outcomeOf(changed, []).reason).toMatch(new RegExp(`node ${k}, .* has the shape`));
    }
  });
});

describe('a claim', () => {
  it('that fails leaves the others as they are', () => {
    const good = direct('good', 'arithmetic', 'arithmetic', { relations: [['1', '>', '0']] });
    const bad = direct('bad', 'arithmetic', 'arithmetic', { relations: [['0', '>', '1']] });
    const outcome = outcomeOf(number, [good, bad, { ...good, id: 'later' }]);
    expect(outcome.claims.map(({ verdict }) => verdict)).toEqual(['verified', 'rejected', 'verified']);
    expect(outcome.verdict).toBe('rejected');
    expect(print(outcome)).toMatch(
      /verified good: .*\nverified later: .*\nrejected: .*not true that "0 > 1"\ns REJECTED\n$/,
    );
  });

  it('for which the budget does not suffice is unfinished', () => {
    // Many powers take more memory than the file did.
    const powers = Array.from({ length: 40 }, (_, k) => `exp(${k})`).join(' + ');
    const claim = direct('c', 'arithmetic', 'arithmetic', { relations: [[powers, '>', '0']] });
    const { certificate, network } = byHand(number, [claim]);
    const { cost } = checkCertificate(certificate, network);
    for (const less of [
      { ...cost, work: cost.work - 1 },
      { ...cost, memory: cost.memory - 1 },
    ]) {
      const outcome = checkCertificate(certificate, network, less);
      expect(outcome.claims.map(({ verdict }) => verdict)).toEqual(['unfinished']);
      expect(outcome.verdict).toBe('unfinished');
      expect(print(outcome)).toMatch(/rejected: .*more (work|memory).*\ns REJECTED\n$/);
    }
    expect(checkCertificate(certificate, network, cost).verdict).toBe('verified');
    // Not even reading it is within a budget of nothing: after a time limit, the prover asks for that.
    const unread = checkCertificate(certificate, network, { work: 0, memory: 0 });
    expect(unread).toMatchObject({ verdict: 'unfinished', claims: [], reason: expect.stringMatching(/more work/) });
  });
});
