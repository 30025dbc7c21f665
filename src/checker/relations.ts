import { brief, demand } from './failure.js';
import type { Side } from './side.js';

type Test = (u: Side, v: Side) => boolean;

/** Whether u R v follows, and whether its contrary does, where u and v lie between two ends each. */
const RELATIONS: Readonly<Record<string, readonly [Test, Test]>> = {
  '=': [(u, v) => u.hi.le(v.lo) && v.hi.le(u.lo), (u, v) => u.hi.lt(v.lo) || v.hi.lt(u.lo)],
  '<=': [(u, v) => u.hi.le(v.lo), (u, v) => v.hi.lt(u.lo)],
  '>=': [(u, v) => v.hi.le(u.lo), (u, v) => u.hi.lt(v.lo)],
  '<': [(u, v) => u.hi.lt(v.lo), (u, v) => v.hi.le(u.lo)],
  '>': [(u, v) => v.hi.lt(u.lo), (u, v) => u.hi.le(v.lo)],
};

/** Whether a text is one of =, <=, >=, < and >. */
export function isRelation(text: unknown): text is string {
  return typeof text === 'string' && Object.hasOwn(RELATIONS, text);
}

/** Whether a relation holds of two numbers that lie between the ends; null where these leave it open. */
export function compared(u: Side, relation: string, v: Side): boolean | null {
  demand(isRelation(relation), () => `${brief(relation)} is no relation`);
  const [follows, fails] = RELATIONS[relation];
  if (follows(u, v)) return true;
  return fails(u, v) ? false : null;
}
