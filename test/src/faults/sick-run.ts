import { readyAnswer } from '@aura/client';
import type { ReadyAnswer } from '@aura/client';
import { Chance } from '@aura/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAll } from '../e2e/close-all';
import { eventually } from '../lab/eventually';
import { auditDataFile } from './audit/audit-data-file';
import { EmbeddedHost } from './embedded-host';
import type { FaultReport } from './fault-report';
import { Load } from './load';
import { LoadJournal, readLoadJournal } from './load-journal';
import { prepareLoad } from './prepare-load';
import { cannotMount, mountSmallDisk, SICKNESSES } from './sickness';
import type { Sickness } from './sickness';

/** What a run on a sick store is told. */
export interface SickRunOptions {
  readonly seed: string;
  readonly inFlight: number;
  readonly say: (line: string) => void;
}

/** Until a health that changed is seen, on a busy machine, ms. */
const SEEN_WITHIN_MS = 120_000;
const REST_WITHIN_MS = 180_000;
const TOLD_BETWEEN = 4;

/**
 * Makes the store of an embedded Aura sick under load, in one way after the other: each must show as not ready, with the
 * reason, while the process lives on; when it is over, work goes on. Then the data file is audited.
 */
export async function runSick(options: SickRunOptions): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-sick-'));
  const data = join(folder, 'data');
  const unmount = cannotMount() === undefined ? mountSmallDisk(data) : () => undefined;
  const host = new EmbeddedHost(data);
  const journal = new LoadJournal(join(folder, 'load.journal'));
  try {
    return await new SickRun(host, journal, options).report(data);
  } finally {
    await closeAll([
      () => host.close(),
      ...[() => journal.close(), unmount, () => rmSync(folder, { recursive: true, force: true })].map(
        (close) => () => Promise.resolve(close()),
      ),
    ]);
  }
}

class SickRun {
  private readonly trouble: string[] = [];
  private readonly struck: Record<string, number> = {};

  constructor(
    private readonly host: EmbeddedHost,
    private readonly journal: LoadJournal,
    private readonly options: SickRunOptions,
  ) {}

  async report(folder: string): Promise<FaultReport> {
    const { host, journal, trouble, struck } = this;
    const { seed, inFlight } = this.options;
    await host.start();
    const client = host.client();
    const image = await prepareLoad(client);
    const load = new Load({
      ...{ clients: [client], journal, chance: new Chance(seed), inFlight, image },
      ...{ delayMs: 400, askAfterMs: 1000 },
    });
    load.begin();
    const since = performance.now();
    const tried = SICKNESSES.filter((sickness) => sickness.cannot() === undefined);
    try {
      for (const sickness of tried) await this.sicken(sickness, load, folder);
    } catch (error) {
      load.abandon();
      throw error;
    }
    const seconds = (performance.now() - since) / 1000;
    await load.stop();
    const open = await load.landed(REST_WITHIN_MS);
    for (const saga of open.slice(0, 5)) trouble.push((await client.why(saga)).why);
    const { code, signal } = await host.stop();
    if (code !== 0) trouble.push(`the process ended with ${code ?? signal}, not with 0`);
    const notTried = SICKNESSES.flatMap(({ name, cannot }) =>
      cannot() === undefined ? [] : [`${name}: ${cannot()}`],
    );
    return {
      ...{ mode: 'embedded', seed, seconds, struck, notTried, trouble, load: load.told },
      ...(await auditDataFile(host.file, readLoadJournal(journal.path))),
    };
  }

  private async sicken(sickness: Sickness, load: Load, folder: string): Promise<void> {
    const { name } = sickness;
    await this.untilTold(load);
    await sickness.begin(this.host.pid, folder);
    try {
      const reason = await this.untilReady(false, name);
      this.options.say(`${name}: not ready, ${reason}`);
      if (!(await this.isLive())) this.trouble.push(`${name}: the process does not answer that it lives`);
    } finally {
      await sickness.end();
    }
    await this.untilReady(true, name);
    await this.untilTold(load);
    this.options.say(`${name}: over, and work goes on`);
    this.struck[name] = 1;
  }

  private async untilTold(load: Load): Promise<void> {
    const told = (): number => load.told.started + load.told.ended;
    const from = told();
    await eventually(
      'sagas start and end',
      () => (told() - from >= TOLD_BETWEEN ? true : undefined),
      SEEN_WITHIN_MS,
    );
  }

  /** Waits until the process says that it is ready, or that it is not; answers why. */
  private async untilReady(isReady: boolean, name: string): Promise<string> {
    return eventually(
      isReady ? `it is ready again behind a ${name}` : `it says that it is not ready with a ${name}`,
      async () => {
        const answer = await fetch(`${this.host.url}/health/ready`);
        const body = readyAnswer.parse(await answer.json());
        return (answer.status === 200) === isReady ? reasonOf(body) : undefined;
      },
      SEEN_WITHIN_MS,
    );
  }

  private async isLive(): Promise<boolean> {
    return (await fetch(`${this.host.url}/health/live`)).status === 200;
  }
}

/** What is down, and why. */
function reasonOf({ dependencies }: ReadyAnswer): string {
  return dependencies
    .flatMap((one) => (one.status === 'down' ? [`${one.name} is down: ${one.reason}`] : []))
    .join('; ');
}
