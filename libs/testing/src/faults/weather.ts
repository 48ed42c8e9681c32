import type { Installation } from '../installation/installation';
import { Chance } from '../time/chance';
import type { FaultName, WeatherFault } from './fault-names';

/** Something that happens to the surroundings as a whole, at a time (ms since the weather began). */
export interface WeatherEvent {
  readonly atMs: number;
  readonly name: WeatherFault;
  /** Which process, by its place among all. */
  readonly host: number;
  /** How far the clock jumps, or how long it lasts, ms. */
  readonly ms: number;
}

const HOUR_MS = 3_600_000;

/** What the weather of a seed brings within a time, about one event in `everyMs`. */
export function forecast(
  seed: string,
  names: ReadonlySet<FaultName>,
  { lastsMs, everyMs }: { readonly lastsMs: number; readonly everyMs: number },
): readonly WeatherEvent[] {
  const chance = new Chance(`${seed}/weather`);
  const all: readonly WeatherFault[] = ['clock', 'owners', 'owners', 'flush', 'flush', 'outage', 'blocked'];
  const possible = all.filter((name) => names.has(name));
  const events: WeatherEvent[] = [];
  if (possible.length === 0) return events;
  for (let atMs = chance.below(everyMs); atMs < lastsMs; atMs += 1 + chance.below(2 * everyMs)) {
    const name = chance.pick(possible);
    const ms = name === 'clock' ? chance.pick([HOUR_MS, HOUR_MS, -HOUR_MS]) : chance.between(200, 8000);
    events.push({ atMs, name, host: chance.next(), ms });
  }
  return events;
}

/** How long a clock stays where it jumped to, ms. */
const AWRY_MS = 20_000;

/** Lets the weather come. `onEvent` is told of each event as it happens. */
export function letCome(
  installation: Installation,
  events: readonly WeatherEvent[],
  onEvent: (event: WeatherEvent) => void,
): void {
  for (const event of events)
    installation.timeline.after(event.atMs, () => {
      installation.around.trace?.(`weather: ${event.name} ${event.ms}`);
      onEvent(event);
      STRIKES[event.name](installation, event);
    });
}

const STRIKES: Readonly<Record<WeatherFault, (installation: Installation, event: WeatherEvent) => void>> = {
  clock: ({ hosts, timeline }, { host, ms }) => {
    const { process } = hosts[host % hosts.length] ?? {};
    if (process === undefined) return;
    process.skew += ms;
    timeline.after(AWRY_MS, () => (process.skew -= ms));
  },
  owners: ({ coordinators, leases }, { host }) =>
    leases.expire(host % 4 === 0 ? `coordinator/${coordinators[0]?.instance ?? ''}` : 'partition/'),
  flush: (installation) => installation.flushFastStores(),
  outage: ({ hosts, timeline }, { ms }) => {
    hosts.forEach(({ bus }) => bus?.disconnect());
    timeline.after(ms, () => hosts.forEach(({ bus }) => bus?.connect()));
  },
  blocked: ({ hosts, timeline }, { ms }) => {
    hosts.forEach(({ bus }) => bus?.block(true));
    timeline.after(ms, () => hosts.forEach(({ bus }) => bus?.block(false)));
  },
};
