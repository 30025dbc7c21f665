import { checkCertificate } from '../../src/checker/check.js';
import { bytesOf } from './files.js';
import type { CheckedRow } from './protocol.js';
import { serve } from './worker.js';

serve(async (task): Promise<CheckedRow> => {
  if (task.kind !== 'check') throw new Error('this worker checks certificates');
  const certificate = new TextDecoder().decode(await bytesOf('the certificate', task.certificate));
  const network = await bytesOf('the network', task.network);
  const { verdict, sha256, reason, claims, unchecked } = checkCertificate(certificate, network);
  return { verdict, sha256, reason, claims, unchecked };
});
