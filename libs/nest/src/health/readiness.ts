import type { DependencyState } from '@aura/contracts';
import type { Dependency } from './dependency';

/** A dependency that has not answered for so long is not there, ms: all of them are told in well under a second. */
const LIMIT_MS = 500;

/** Asks all dependencies at once, each within a time limit. A check that hangs is not begun a second time. */
export class Readiness {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly dependencies: () => readonly Dependency[],
    private readonly limitMs: number = LIMIT_MS,
  ) {}

  /** How each dependency stands now, in their order. Never rejects; takes as long as the limit at most. */
  report(): Promise<readonly DependencyState[]> {
    return Promise.all(this.dependencies().map((dependency) => this.stateOf(dependency)));
  }

  private async stateOf(dependency: Dependency): Promise<DependencyState> {
    const { name } = dependency;
    const since = performance.now();
    const tookMs = (): number => Math.round(performance.now() - since);
    try {
      await this.inTime(this.answerOf(dependency));
      return { name, status: 'up', tookMs: tookMs() };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { name, status: 'down', tookMs: tookMs(), reason };
    }
  }

  private answerOf(dependency: Dependency): Promise<void> {
    const { name } = dependency;
    const known = this.underWay.get(name);
    if (known !== undefined) return known;
    const answer = dependency.check().finally(() => this.underWay.delete(name));
    // Whoever asked may have gone by then.
    answer.catch(() => undefined);
    this.underWay.set(name, answer);
    return answer;
  }

  private async inTime(answer: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      const late = (): void => reject(new Error(`no answer within ${this.limitMs} ms`));
      timer = setTimeout(late, this.limitMs);
    });
    await Promise.race([answer, limit]).finally(() => clearTimeout(timer));
  }
}
