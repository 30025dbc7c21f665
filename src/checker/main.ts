#!/usr/bin/env node
import { checkCommand } from './command.js';

const [certificate, flag, network, ...rest] = process.argv.slice(2);
const isUsed =
  certificate !== undefined && (flag === undefined || (flag === '--network' && network)) && rest.length === 0;
if (isUsed) process.exitCode = checkCommand(certificate, network);
else {
  process.stderr.write('usage: exhibit-check CERTIFICATE.json [--network FILE.json]\n');
  process.exitCode = 3;
}
