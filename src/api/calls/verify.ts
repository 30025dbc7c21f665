import { construct, verify as proveClaims } from '../../audit/verify.js';
import { checked, unasked } from '../../certificate/checked.js';
import type { Target } from '../../evaluate/target.js';
import { recordingFiles } from '../../files/record.js';
import { adoptNames } from '../../network/adopt.js';
import type { Network } from '../../network/network.js';
import type { Theorem } from '../../proof/theorem.js';
import { resultJson } from '../../report/json.js';
import type { ResultDocument } from './document.js';
import { type InstanceOptions, overridesOf, resolved } from './instances.js';

/** How long a call searches, whether it asks the checker, how its numbers are written. */
export interface Limits {
  /** Seconds for all searches together; without it they end when they are decided. */
  readonly timeLimit?: number;
  /** Whether the independent checker is asked about what was proved; true unless given. */
  readonly check?: boolean;
  /** Significant digits of the numbers in the result; 17 unless given. */
  readonly digits?: number;
}

export interface VerifyOptions extends InstanceOptions, Limits {
  /** Audits this network in place of the one that the theorem builds. */
  readonly network?: Network;
  /** Formats and providers of onnxruntime to run the network in; none unless given. */
  readonly execution?: readonly Target[];
}

/**
 * Builds the network of an instance and proves its theorem's claims about it. The instance is a file, or a theorem, by its
 * id, its file or itself, with `params`. Rejects with InputError for what the user has to mend.
 */
export async function verify(reference: string | Theorem, options: VerifyOptions = {}): Promise<ResultDocument> {
  const { network, execution = [], seed = 0, digits = 17, timeLimit, check = true } = options;
  const settings = { seed, digits, timeLimit, execution, progress: () => {} };
  const adopted = network && ((built: Network) => adoptNames(network, built));
  const { value: result, files } = await recordingFiles(async () => {
    const { theorem, instance } = await resolved(reference, options);
    return proveClaims(theorem, instance, { ...settings, network: adopted });
  });
  const call = `verify(${typeof reference === 'string' ? JSON.stringify(reference) : reference.id})`;
  const overrides = overridesOf(options);
  const deadline = timeLimit === undefined ? undefined : Date.now() + (timeLimit - result.seconds) * 1000;
  return resultJson(check ? checked(result, deadline) : unasked(result), { call, overrides, files }) as ResultDocument;
}

/** The network that a theorem builds, of exact numbers. Named as for `verify`. Rejects with InputError. */
export async function build(reference: string | Theorem, options: InstanceOptions = {}): Promise<Network> {
  const { theorem, instance } = await resolved(reference, options);
  return (await construct(theorem, instance, options.seed ?? 0)).construction.network;
}
