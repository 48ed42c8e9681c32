import { connect } from '@aura/client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { audit, sagasIn } from './audit';
import { Flight, untilEnded } from './flight';
import { BUILT } from './installation';
import { startLabHost } from './lab-host';
import { Spawned } from './spawned';

/** Every step takes so long, so that something is always in the middle, ms. */
const STEP_MS = 150;
const SAGAS_A_KILL = 9;
const KILLS = 10;
const READY = 'lab ready at ';

jest.setTimeout(240_000);

describe('an Aura in one process that is killed in the middle of sagas', () => {
  let folder: string;
  let host: Spawned | undefined;
  let url = 'http://127.0.0.1:0';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aura-kills-'));
  });

  afterAll(async () => {
    await host?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the process on the same folder, and on the same port as before. */
  async function start(): Promise<void> {
    const { port } = new URL(url);
    host = new Spawned({
      name: 'host',
      args: [join(BUILT, 'lab-host-process.js'), folder, port],
      ready: READY,
    });
    url = (await host.ready()).slice(READY.length);
  }

  it('completes every acknowledged saga, on the same folder, and counts exactly', async () => {
    await start();
    const sagas = new Flight(connect({ url, retries: 30 }));
    for (let kill = 0; kill < KILLS; kill++) {
      const launching = sagas.launch(SAGAS_A_KILL, STEP_MS);
      await delay(((kill * 83) % 500) + 10);
      const once = Array.from({ length: SAGAS_A_KILL }, () => sagas.startOnce('lab_chain', STEP_MS));
      await delay(kill * 3);
      await host?.kill();
      await start();
      await Promise.all([launching, ...once]);
    }
    expect(sagas.started.length).toBeGreaterThanOrEqual(KILLS * SAGAS_A_KILL);
    expect(await host?.stop()).toEqual({ code: 0, signal: null });
    const last = await startLabHost(folder, 0, () => undefined);
    try {
      const { stores } = last.runtime;
      const coordinator = (await stores('coordinator')).journal;
      const ledger = (await stores('lab-ledger')).journal;
      const client = connect({ url: last.url });
      await untilEnded(client, await sagasIn(coordinator), 20_000);
      expect(await audit(client, { coordinator, ledger }, sagas.started)).toEqual([]);
    } finally {
      await last.stop();
    }
  });
});
