import type { VerifyOptions } from '../audit/verify.js';
import { InputError, OutputError } from '../errors.js';
import { readText } from '../files/read.js';
import { shownPath } from '../files/record.js';
import { LARGEST_YAML } from '../instance/yaml.js';
import { readStatementInstance } from '../proof/prove/instance.js';
import { resultJson } from '../report/json.js';
import { proveJson } from '../report/prove.js';
import { callOf } from './call.js';
import { type CommonFlags, common, targets } from './flags.js';
import { optionsOf, provedInstance, withFigures, withStatementCheck } from './prove.js';
import { drawnOf, verified } from './verify.js';

/** What an audit found of one instance; plain data, so that threads can hand it over. */
export interface Row {
  readonly file: string;
  readonly expect: string;
  readonly verdict: string;
  readonly asExpected: boolean;
  readonly seconds: number;
  readonly result: object | null;
  readonly message: string | null;
}

/** What is expected of no instance: prover and checker disagree, or one of them failed. The audit goes on. */
export const DEFECT = 'defect';

/** Verifies the instance in a file, or proves its statements, and compares the verdict with what it expects. */
export async function auditOne(
  file: string,
  flags: CommonFlags,
  progress: VerifyOptions['progress'] = () => {},
): Promise<Row> {
  const start = performance.now();
  const settings = { ...common(flags), execution: targets(flags), progress };
  const row = (expect: string, verdict: string, result: object | null, message: string | null): Row => {
    const seconds = (performance.now() - start) / 1000;
    return { file, expect, verdict, asExpected: expect === verdict, seconds, result, message };
  };
  const expect = expectationOf(file);
  try {
    const statements = readStatementInstance(file);
    if (statements) {
      const { value, files } = await provedInstance(
        statements,
        optionsOf({ ...flags, report: undefined }, settings.progress),
      );
      const { seed, digits } = settings;
      const circumstances = { call: callOf('verify', [shownPath(file)], flags), files, seed, digits };
      const found = withStatementCheck(value, flags);
      const document = proveJson(found, circumstances);
      const drawn = flags.report === undefined ? document : await withFigures(document, found);
      return row(expect, found.verdict, drawn, null);
    }
    const { result, circumstances } = await verified(shownPath(file), flags, settings);
    const drawn = flags.report === undefined ? undefined : await drawnOf(result);
    return row(expect, result.verdict, resultJson(result, circumstances, drawn), null);
  } catch (error) {
    if (error instanceof InputError) return row(expect, 'bad-input', null, error.message);
    if (error instanceof OutputError) throw error;
    return row(expect, DEFECT, null, error instanceof Error ? error.message : String(error));
  }
}

/** The row of an instance whose thread ended under it, for want of memory. */
export function lostRow(file: string, seconds: number, reason: unknown): Row {
  const message = `its thread ended: ${reason instanceof Error ? reason.message : String(reason)}`;
  return { file, expect: expectationOf(file), verdict: DEFECT, asExpected: false, seconds, result: null, message };
}

/** The expectation as the file's text states it, so that a file which cannot be read as an instance can expect that. */
function expectationOf(file: string): string {
  return /^expect:\s*(\S+)/m.exec(readText(file, LARGEST_YAML))?.[1] ?? 'proved';
}
