import { checkCertificate } from '../../src/checker/check.js';
import type { CheckedRow } from './protocol.js';
import { serve } from './worker.js';

serve((task): CheckedRow => {
  if (task.kind !== 'check') throw new Error('this worker checks certificates');
  const { verdict, sha256, reason, claims, unchecked } = checkCertificate(task.certificate, task.network);
  return { verdict, sha256, reason, claims, unchecked };
});
