import { Chance } from '@aura/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../lab/eventually';
import { auditDataFile } from './audit/audit-data-file';
import { EmbeddedHost } from './embedded-host';
import { faultsOf } from './fault-report';
import type { FaultReport } from './fault-report';
import { Load } from './load';
import { LoadJournal, readLoadJournal } from './load-journal';
import { prepareLoad } from './prepare-load';

/** What an embedded run is told. */
export interface EmbeddedRunOptions {
  readonly kills: number;
  readonly seed: string;
  readonly inFlight: number;
  readonly say: (line: string) => void;
}

/** And then so long, ms: between any two things that a saga does. */
const JITTER_MS = 400;
/** Without news it is killed all the same behind this, ms. */
const LONGEST_WAIT_MS = 10_000;
const DELAY_MS = 800;
const ASK_AFTER_MS = 1000;
const REST_WITHIN_MS = 180_000;

/** Kills the one process of an embedded Aura again and again under load, and audits its data file. */
export async function runEmbedded(options: EmbeddedRunOptions): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-faults-'));
  const host = new EmbeddedHost(join(folder, 'data'));
  const journal = new LoadJournal(join(folder, 'load.journal'));
  try {
    const report = await new EmbeddedRun(host, journal, options).report();
    if (faultsOf(report).length === 0) rmSync(folder, { recursive: true, force: true });
    else options.say(`kept for a look: ${folder}`);
    return report;
  } catch (error) {
    options.say(`kept for a look: ${folder}`);
    throw error;
  } finally {
    await host.close();
    journal.close();
  }
}

class EmbeddedRun {
  private readonly chance: Chance;
  private readonly trouble: string[] = [];

  constructor(
    private readonly host: EmbeddedHost,
    private readonly journal: LoadJournal,
    private readonly options: EmbeddedRunOptions,
  ) {
    this.chance = new Chance(options.seed);
  }

  async report(): Promise<FaultReport> {
    const { host, journal, options } = this;
    await host.start();
    const load = await this.load();
    load.begin();
    const since = performance.now();
    try {
      for (let kill = 1; kill <= options.kills; kill++) await this.killOnce(load, kill);
    } catch (error) {
      load.abandon();
      throw error;
    }
    const seconds = (performance.now() - since) / 1000;
    await this.comeToRest(load);
    return {
      ...{ mode: 'embedded', seed: options.seed, seconds, notTried: [], trouble: this.trouble },
      struck: { process: options.kills },
      load: load.told,
      ...(await auditDataFile(host.file, readLoadJournal(journal.path))),
    };
  }

  private async load(): Promise<Load> {
    const { chance, journal, options } = this;
    const client = this.host.client();
    const image = await prepareLoad(client);
    const { inFlight } = options;
    return new Load({
      ...{ clients: [client], journal, chance, inFlight, image },
      ...{ delayMs: DELAY_MS, askAfterMs: ASK_AFTER_MS },
    });
  }

  private async killOnce(load: Load, kill: number): Promise<void> {
    // Work must get on between two kills: what came back from several of them is handled alone.
    const point = this.chance.between(1, this.options.inFlight);
    const jitter = this.chance.below(JITTER_MS);
    const told = (): number => load.told.started + load.told.ended;
    const from = told();
    const deadline = performance.now() + LONGEST_WAIT_MS;
    await eventually('something was told', () =>
      told() - from >= point || performance.now() > deadline ? true : undefined,
    );
    await delay(jitter);
    await this.host.kill();
    const { started, ended } = load.told;
    this.options.say(`kill ${kill}: ${started} started, ${ended} ended, ${load.inFlight} in flight`);
    await this.host.start();
  }

  private async comeToRest(load: Load): Promise<void> {
    await load.stop();
    const open = await load.landed(REST_WITHIN_MS);
    const client = this.host.client();
    for (const saga of open.slice(0, 5)) this.trouble.push((await client.why(saga)).why);
    const { code, signal } = await this.host.stop();
    if (code !== 0) this.trouble.push(`the process ended with ${code ?? signal}, not with 0`);
  }
}
