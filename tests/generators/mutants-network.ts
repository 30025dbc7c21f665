import { InputError } from '../../src/errors.js';
import { readCanonical } from '../../src/files/canonical.js';
import { adoptNames } from '../../src/network/adopt.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { isOp, type Network, type Node } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { networkMutants } from './mutants.js';
import { structuralMutants } from './mutants-structure.js';
import { rebuilt } from './rebuild.js';

/** A network with one change, and its file, whose nodes stand where those of the original stand. */
export interface NetworkMutant {
  readonly what: string;
  readonly text: string;
  /** The network that an audit gets; null for a file that is refused. */
  readonly network: () => Network | null;
}

/** What the generators of mutants ask for beside the network. */
const NO_CERTIFICATE = '{"network":{}}';

/** Every single change of an attribute, an edge, a role or an output. */
export function* changesOfStructure(built: Network): Generator<NetworkMutant> {
  const text = [...canonicalForm(built)].join('');
  for (const { what, network } of structuralMutants({ certificate: NO_CERTIFICATE, network: text }))
    yield { what, text: network, network: () => named(network, built) };
  for (const node of built.nodes) {
    if (!isOp(node, 'constant')) continue;
    const role = node.attributes.role === 'weight' ? 'structure' : 'weight';
    const change = (other: Node): Node =>
      other.name === node.name ? { ...other, attributes: { ...other.attributes, role } } : other;
    yield { what: `${node.name}: role ${role}`, text, network: () => rebuilt(built, change) };
  }
}

/** Every single change of an entry or of a number in an attribute, by signs, hundredths and ones. */
export function* changesOfNumbers(built: Network): Generator<NetworkMutant> {
  const text = [...canonicalForm(built)].join('');
  for (const { what, network } of networkMutants({ certificate: NO_CERTIFICATE, network: text }))
    yield { what, text: network, network: () => named(network, built) };
}

/**
 * The network of a file, with the names, roles and stored zeros of `built`: those that a reader would give it where both
 * have one graph; otherwise every node those of the node in its place, which no reader gives, but an author may.
 */
function named(text: string, built: Network): Network | null {
  let read: Network;
  try {
    read = readCanonical(text);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
  const adopted = adoptNames(read, built);
  if (adopted.nodes.every(({ name }, k) => name === built.nodes[k]?.name)) return adopted;
  return rebuilt(read, (node) => {
    const twin = built.nodes[Number(/\d+$/.exec(node.name)?.[0])];
    if (isOp(node, 'input') || !twin) return node;
    const isAlike = sizes(node.shape).join() === sizes(twin.shape).join();
    return { ...node, name: twin.name, shape: isAlike ? twin.shape : node.shape };
  });
}
