import { describeNet } from '../../../constructions/function-net.js';
import type { TaskDesign } from '../../../constructions/single-head-task.js';
import { type ProvedClaim, proveRetrieval, type Rational } from '../../../src/index.js';
import { limitsOf } from './features.js';
import { taskHints } from './hints.js';
import { concluded, UNIFORM_BOUND } from './uniform-bound.js';

/** The uniform bound of a retrieval task with one uniform head. */
export const taskError: ProvedClaim<{ readonly eps: Rational | undefined }, TaskDesign> = {
  ...UNIFORM_BOUND,
  limit: ({ params }) => params.eps ?? null,
  prove: ({ network, design, deadline, progress }) => {
    const { task, minimum, nets } = design;
    const limits = { ...limitsOf(design, deadline), progress };
    const found = proveRetrieval(network, task, taskHints(design), limits);
    const notes = [`minimum by ${minimum}; features: ${nets.map(describeNet).join('; ')}`];
    return concluded(network, task, found, { progress, notes: found.hi === null ? [] : notes });
  },
};
