import { availabilityOf } from './availability';
import type { JoinedStep } from './availability';
import { buildGraph } from './graph';

function step(id: string, dependencies: readonly string[], rest: Partial<JoinedStep> = {}): JoinedStep {
  return { id, dependencies, join: 'all', ...rest };
}

function sureIn(steps: readonly JoinedStep[], id: string): readonly string[] {
  return [...(availabilityOf(steps, buildGraph(steps)).get(id)?.whenRunning ?? [])].sort();
}

const when = 'has(input.go)';

describe('what is surely there behind a step that may be skipped', () => {
  it('is what all that it waited for had brought, for a join of all', () => {
    const steps = [
      step('first', []),
      step('maybe', ['first'], { when }),
      step('both', ['maybe', 'first']),
      step('last', ['both'], { join: 'ended' }),
    ];
    expect(sureIn(steps, 'last')).toEqual(['first']);
  });

  it('is only what every arrival brings, for a join of any: the first to complete is enough', () => {
    const steps = [
      step('first', []),
      step('quick', [], { when }),
      step('slow', ['first'], { when }),
      step('either', ['quick', 'slow'], { join: 'any' }),
      step('last', ['either'], { join: 'ended' }),
    ];
    expect(sureIn(steps, 'last')).toEqual([]);
  });

  it('is what both arrivals of a join of any have behind them', () => {
    const steps = [
      step('first', []),
      step('quick', ['first'], { when }),
      step('slow', ['first'], { when }),
      step('either', ['quick', 'slow'], { join: 'any' }),
      step('last', ['either'], { join: 'ended' }),
    ];
    expect(sureIn(steps, 'last')).toEqual(['first']);
  });
});
