import { Chance } from '@aura/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../lab/eventually';
import { Audit } from './audit/audit';
import { eachSqliteRow, messagesInSqlite } from './audit/sqlite-rows';
import { EmbeddedHost } from './embedded-host';
import type { FaultReport } from './fault-report';
import { Load } from './load';
import { LOAD_EXPECTATIONS } from './load-expectations';
import { LoadJournal, readLoadJournal } from './load-journal';
import { prepareLoad } from './prepare-load';

/** What an embedded run is told. */
export interface EmbeddedRunOptions {
  readonly kills: number;
  readonly seed: string;
  readonly inFlight: number;
  readonly say: (line: string) => void;
}

/** Things that are told between the start of a process and its kill, at most. */
const MOST_TOLD = 20;
/** And then so long, ms: between any two things that a saga does. */
const JITTER_MS = 400;
/** Without news it is killed all the same behind this, ms. */
const LONGEST_WAIT_MS = 4000;
const DELAY_MS = 800;
const ASK_AFTER_MS = 1000;
const REST_WITHIN_MS = 180_000;

/** Kills the one process of an embedded Aura again and again under load, and audits its data file. */
export async function runEmbedded(options: EmbeddedRunOptions): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-faults-'));
  const host = new EmbeddedHost(join(folder, 'data'));
  try {
    return await new EmbeddedRun(host, new LoadJournal(join(folder, 'load.journal')), options).report();
  } finally {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
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
    for (let kill = 1; kill <= options.kills; kill++) await this.killOnce(load, kill);
    const seconds = (performance.now() - since) / 1000;
    await this.comeToRest(load);
    journal.close();
    const audit = new Audit(LOAD_EXPECTATIONS);
    await eachSqliteRow(host.file, (row) => audit.take(row));
    return {
      ...{ mode: 'embedded', seed: options.seed, seconds, notTried: [], trouble: this.trouble },
      struck: { process: options.kills },
      load: load.told,
      findings: audit.findings(readLoadJournal(journal.path)),
      left: await messagesInSqlite(host.file),
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
    const point = this.chance.between(1, MOST_TOLD);
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
