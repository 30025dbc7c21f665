import { createHash } from 'node:crypto';
import type { Certified } from './certificates.js';

export type HandNode = Readonly<Record<string, unknown>>;

export interface HandStep {
  readonly id?: string;
  readonly rule: string;
  readonly premises?: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

export interface HandClaim {
  readonly id: string;
  readonly conclusion: unknown;
  readonly steps: readonly HandStep[];
}

/** A network as text: the last of the nodes is the output y. */
export function networkOf(nodes: readonly HandNode[]): string {
  return JSON.stringify({ format: 'exhibit-network-1', nodes, outputs: [{ name: 'y', node: nodes.length - 1 }] });
}

/** A certificate that nobody proved, about a network of the given nodes or text. */
export function byHand(
  nodes: readonly HandNode[] | string,
  claims: readonly HandClaim[],
  unchecked: readonly { readonly id: string; readonly reason: string }[] = [],
): Certified {
  const network = typeof nodes === 'string' ? nodes : networkOf(nodes);
  const sha256 = createHash('sha256').update(network).digest('hex');
  const written = claims.map(({ steps, ...claim }) => ({
    ...claim,
    statement: '',
    steps: steps.map((step, k) => ({ id: `s${k}`, statement: '', premises: [], ...step })),
  }));
  const document = {
    format: 'exhibit-certificate-1',
    network: { file: 'network.json', sha256 },
    claims: written,
    unchecked,
  };
  return { certificate: JSON.stringify(document), network };
}

/** A claim whose conclusion is what its one step proves, the kind and the step's data. */
export function direct(id: string, kind: string, rule: string, data: HandStep['data']): HandClaim {
  return { id, conclusion: { kind, ...data }, steps: [{ rule, data }] };
}
