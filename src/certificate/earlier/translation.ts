import { hold, spend } from '../../checker/budget.js';
import { Fact, type Within } from '../../checker/fact.js';
import { RULES } from '../../checker/rules/index.js';
import type { Session } from '../../checker/session.js';
import type { WrittenStep } from '../document.js';

/** A step of an earlier release is not what the translation knows. */
export class Untranslated extends Error {}

/** A step as an earlier release wrote it. */
export interface EarlierStep extends WrittenStep {
  readonly data: Readonly<Record<string, unknown>>;
}

/** Writes steps of today that show what a step of an earlier release did; the ids of those that stand in its place. Throws Untranslated. */
export type Translate = (claim: Translation, step: EarlierStep) => readonly string[];

/** The steps of one claim, written from those that nothing rests on back to those that they need. */
export class Translation {
  /** Steps of today, each behind those that it rests on. */
  readonly steps: WrittenStep[] = [];
  private readonly written = new Map<string, WrittenStep>();
  private readonly earlier: ReadonlyMap<string, { readonly step: EarlierStep; readonly at: number }>;
  /** `rule id`: a step of that rule rests on that step. */
  private readonly uses: ReadonlySet<string>;
  private readonly known = new Map<string, readonly string[]>();
  private readonly facts = new Map<string, Fact>();

  constructor(
    readonly session: Session,
    steps: readonly WrittenStep[],
    readonly conclusion: unknown,
    private readonly translations: Readonly<Record<string, Translate>>,
  ) {
    this.earlier = new Map(
      steps.map((step, at) => [step.id, { step: { ...step, premises: step.premises ?? [] } as EarlierStep, at }]),
    );
    this.uses = new Set(steps.flatMap(({ rule, premises = [] }) => premises.map((id) => `${rule} ${id}`)));
  }

  /** A step of the earlier release by its id. */
  step(id: string): EarlierStep {
    return this.placed(id).step;
  }

  private placed(id: string) {
    const found = this.earlier.get(id);
    if (!found) throw new Untranslated(`there is no step ${id}`);
    return found;
  }

  /** Whether a step of that rule rests on the step. */
  isUsedBy(rule: string, id: string): boolean {
    return this.uses.has(`${rule} ${id}`);
  }

  /** Writes what stands in the place of a step, which is itself unless its rule is retired, once; the ids of that. */
  renew(id: string): readonly string[] {
    const known = this.known.get(id);
    if (known) return known;
    const { step, at } = this.placed(id);
    if (step.premises.some((premise) => this.placed(premise).at >= at)) {
      throw new Untranslated(`step ${id} rests on itself or a later one`);
    }
    const translate = Object.hasOwn(this.translations, step.rule) ? this.translations[step.rule] : null;
    const found = translate ? translate(this, step) : this.write({ ...step, premises: this.renewed(step.premises) });
    this.known.set(id, found);
    return found;
  }

  /** The ids of what stands in the place of several steps, each once: a step that hands on its premises may be one many times over. */
  renewed(ids: readonly string[]): readonly string[] {
    const all = new Set<string>();
    for (const id of ids) {
      const found = this.renew(id);
      spend(20 * found.length);
      hold(50 * found.length);
      for (const one of found) all.add(one);
    }
    return [...all];
  }

  write(step: WrittenStep): readonly string[] {
    this.steps.push(step);
    this.written.set(step.id, step);
    return [step.id];
  }

  /** What written steps show of an entry, by the rules of the checker. */
  bound(ids: readonly string[], node: number, entry: number): Within {
    for (const id of ids) {
      const { content } = this.fact(id);
      const found = content.kind === 'within' && content.node === node ? content.entries.get(entry) : undefined;
      if (found) return found;
    }
    throw new Untranslated(`entry ${entry} of node ${node} is not bounded by ${ids}`);
  }

  private fact(id: string): Fact {
    const known = this.facts.get(id);
    if (known) return known;
    const { rule, data, premises } = this.written.get(id)!;
    const fact = Fact.derive(
      this.session,
      RULES[rule],
      data,
      premises.map((premise) => this.fact(premise)),
    );
    this.facts.set(id, fact);
    return fact;
  }
}
