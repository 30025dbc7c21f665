import { lemmaOf } from '../book.js';
import { spend } from '../budget.js';
import type { Tensor } from '../evaluate.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { combine, equal, type Form, isConstant, scale } from '../forms.js';
import { Fraction } from '../fraction.js';
import { headOf } from '../head.js';
import { fraction, onlyInput, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import type { Side } from '../side.js';
import { AppliedLemma } from './applied-lemma.js';

/**
 * Data: an `output`, the nodes `others` and `smaller` [T, 1], a `domain`, `lambda` for T - 1 entries and `last` for T,
 * and bounds `lo`, `hi`.
 *
 * Entry t of `others` is a head over the input x [T, 1] with the logits beta x_s + c, and one more constant -beta g for s = t: the
 * same for every query, with the tokens exchanged, so that the lemma gated-maximum bounds all of them against max_{s != t} x_s.
 * Entry t of `smaller` is min(x_t, others_t), and the output a head over it with the logits beta' smaller_s, bounded by the lemma
 * soft-maximum. min and max are 1-Lipschitz, so the errors of the two layers add up.
 */
export const secondLargest: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'others', 'smaller', 'domain', 'lambda', 'last', 'lo', 'hi']);
  const { atoms, network } = session;
  const { nodes } = network;
  const x = onlyInput(network);
  const [others, smaller] = [session.node(fields.others), session.node(fields.smaller)];
  const node = session.output(fields.output);
  const [T] = nodes[x].shape;
  const isColumn = [x, others, smaller].every((k) => `${nodes[k].shape}` === `${T},1`);
  demand(isColumn && T > 1 && sizeOf(nodes[node].shape) === 1, 'it is no net of such columns');
  const { name } = nodes[x];
  const domain = session.domain(fields.domain);
  const side = session.sideOf(name, domain);
  const [least, most] = [fields.lambda, fields.last].map((lambda) => fraction(lambda, 'a lambda'));

  const first = alikeQueries(session, x, others);
  const tokens = `1..${T}`;
  const one = boundOf(session, 'gated-maximum', side, {
    ...{
      I: `2..${T}`,
      O: '1',
      rho: [
        ['0', 'I'],
        [`${first.gate}`, 'O'],
      ],
      beta: `${first.beta}`,
    },
    ...{ a: `${side.lo}`, w: `${side.hi.sub(side.lo)}`, g: `${first.gate}`, lambda: `${least}` },
  });
  const { forms, symbol } = session.between([x, others], smaller);
  const isLess = forms.every((form, t) => equal(form, atoms.min(symbol(x, t), symbol(others, t))));
  demand(isLess, `node ${smaller} is not the minimum of nodes ${x} and ${others}`);
  const last = headOf(network, node);
  const [factor] = session.entries(last.query);
  const isHead = last.key === smaller && last.value === smaller && sizeOf(nodes[last.query].shape) === 1;
  demand(isHead && isConstant(factor), `node ${node} is no head over node ${smaller}`);
  const numbers = { beta: `${factor.constant}`, lambda: `${most}` };
  const two = boundOf(session, 'soft-maximum', side, { I: tokens, ...numbers });

  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const isWithin = lo.le(two.lo.add(one.lo.min(Fraction.zero))) && two.hi.add(one.hi.max(Fraction.zero)).le(hi);
  demand(isWithin, 'the errors of the two layers are larger than the bounds');
  const target = `max_{t in ${tokens}}(min(${name}[t,1], max_{s in ${tokens} except t}(${name}[s,1])))`;
  return closed(
    {
      kind: 'approximation',
      ...{ output: fields.output, domain: fields.domain, target, lo: fields.lo, hi: fields.hi },
    },
    `for all ${session.describeDomain(domain)}: ${lo} <= ${fields.output} - (${target}) <= ${hi}`,
  );
};

/** What the lemmas are about. */
const MEANS: Readonly<Record<string, string>> = {
  'gated-maximum': 'sum_{t in I, O}(softmax_{s in I, O}(beta*(psi[s] - rho[s]))[t]*psi[t])',
  'soft-maximum': 'sum_{t in I}(softmax_{s in I}(beta*psi[s])[t]*psi[t])',
};

/** The first conclusion of a lemma about a maximum of psi, whose values lie in `side`, for what its other names stand for. */
function boundOf({ expressions }: Session, name: string, side: Side, given: Readonly<Record<string, unknown>>): Side {
  const lemma = lemmaOf(name);
  const psi = expressions.variable('psi');
  const applied = new AppliedLemma(lemma, given, expressions, () => () => psi);
  // All tokens from the second one on are alike.
  const { quantity, ...ends } = applied.conclude(
    0,
    (e) => (e === psi ? side : applied.number(e)),
    (t) => t <= 2,
  );
  const isMeant = quantity === 'y - max_{t in I}(psi[t])' && lemma.abbreviations.get('y') === MEANS[name];
  demand(isMeant, `the lemma ${name} is another one`);
  return ends;
}

/** beta and g of a head over x with the logits beta x_s + c - beta g [s = t] for query t and values x_s. */
function alikeQueries(session: Session, x: number, node: number): { readonly beta: Fraction; readonly gate: Fraction } {
  const { query, key, value } = headOf(session.network, node);
  const { shape } = session.network.nodes[value];
  const tokens = session.entries(x);
  const T = tokens.length;
  const areTokens = `${shape}` === `${T},1` && session.entries(value).every((form, s) => equal(form, tokens[s]));
  demand(areTokens, `the values of node ${node} are not the tokens`);
  const [queries, keys] = [query, key].map((k) => columnsOf(session.value(k)));
  const shared = tokens.map((): (readonly [Form, Fraction])[] => []);
  const own = new Array<Fraction>(T).fill(Fraction.zero);
  for (const [k, column] of keys) {
    const factors = (queries.get(k) ?? []).map(([t, form]) => {
      demand(isConstant(form), 'a query depends on the input');
      return [t, form.constant] as const;
    });
    const isShared = factors.length === T && factors.every(([, factor]) => factor.equals(factors[0][1]));
    for (const [s, form] of column) {
      spend(10 * factors.length);
      if (isShared) shared[s].push([form, factors[0][1]]);
      else {
        for (const [t, factor] of factors) {
          demand(s === t && isConstant(form), 'a query treats another token, or an input, in a way of its own');
          own[t] = own[t].add(factor.mul(form.constant));
        }
      }
    }
  }
  const logits = shared.map(combine);
  const [[, beta] = [0, Fraction.zero]] = logits[0].terms;
  const { constant } = logits[0];
  const isAlike = logits.every((logit, s) => equal(logit, { ...scale(tokens[s], beta), constant }));
  demand(beta.n > 0n && isAlike, `the logits of node ${node} are no rising multiples of the tokens`);
  demandEach(own, (one) => one.equals(own[0]), 'the queries are not alike');
  return { beta, gate: own[0].neg().div(beta) };
}

/** The stored entries of a matrix, column by column. */
function columnsOf({ shape, entries }: Tensor): ReadonlyMap<number, readonly (readonly [row: number, form: Form])[]> {
  spend(20 * entries.size);
  const columns = new Map<number, (readonly [number, Form])[]>();
  for (const [at, form] of entries) {
    const column = columns.get(at % shape[1]) ?? [];
    column.push([Math.floor(at / shape[1]), form]);
    columns.set(at % shape[1], column);
  }
  return columns;
}
