import type { Read } from './mapping';
import type { Carries } from './plan';

/** Which members are needed of one value; `true`: all of it. */
type Members = true | ReadonlySet<string>;

/** What a step reads, at the granularity of first-level members. */
export interface Needs {
  readonly input: Members;
  readonly steps: ReadonlyMap<string, Members>;
}

const NOTHING: Needs = { input: new Set(), steps: new Map() };

function joined(left: Members | undefined, right: Members): Members {
  if (left === true || right === true) return true;
  return new Set([...(left ?? []), ...right]);
}

function membersOf(path: readonly string[]): Members {
  const [first] = path;
  return first === undefined ? true : new Set([first]);
}

/** The needs that some reads make. */
export function needsOf(reads: readonly Read[]): Needs {
  return unionOf(
    reads.map(({ step, path }) =>
      step === undefined
        ? { ...NOTHING, input: membersOf(path) }
        : { ...NOTHING, steps: new Map([[step, membersOf(path)]]) },
    ),
  );
}

/** Everything that one of them needs. */
export function unionOf(all: readonly Needs[]): Needs {
  let input: Members = new Set();
  const steps = new Map<string, Members>();
  for (const needs of all) {
    input = joined(input, needs.input);
    for (const [step, members] of needs.steps) steps.set(step, joined(steps.get(step), members));
  }
  return { input, steps };
}

function listed(members: Members): true | readonly string[] {
  return members === true ? true : [...members].sort();
}

/**
 * What an event must carry for the steps behind it: what they need of the saga's input, and of the outputs that are
 * known where the event is made. The event's own output travels anyway.
 */
export function carriesOf(behind: readonly Needs[], known: ReadonlySet<string>): Carries {
  const { input, steps } = unionOf(behind);
  const carried = [...steps]
    .filter(([step]) => known.has(step))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([step, members]) => [step, listed(members)] as const);
  return { input: listed(input), steps: Object.fromEntries(carried) };
}
