import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEmbedded } from '@aura/embedded';
import { startOwn } from './aura/embedded';
import { aura } from './testing/run-aura';
import { scratch } from './testing/scratch';

jest.setTimeout(120_000);

const { folder } = scratch();
const TRANSACTION = '0198c5f0-0000-7000-8000-000000000001/1/reserve/1';

/** A store whose coordinator was asked for a transaction that it has lost. */
async function withLostTransaction(data: string): Promise<void> {
  const embedded = await openEmbedded({ path: join(data, 'aura.db') });
  const head = {
    transaction: TRANSACTION,
    saga: '0198c5f0-0000-7000-8000-000000000001',
    run: 1,
    step: 'reserve',
    n: 1,
    digest: 'sha256:0',
    definition: 'reserve_look',
    partition: 0,
    epoch: 1,
  };
  const held = [{ type: 'account', id: 'ada' }];
  const entries = [
    { kind: 'opened', head, branches: [] },
    { kind: 'unknown', incarnation: 'restored' },
    { kind: 'asked', branch: 'budget', participant: 'style-profile', held },
  ];
  const row = { stream: `tx/${TRANSACTION}`, seq: 1, at: Date.now(), operations: [], partition: 0 };
  await embedded.journal('coordinator').append([{ ...row, body: JSON.stringify(entries) }]);
  await embedded.close();
}

/** A coordinator that starts looks through what it owns, beside what it is asked. */
async function untilListed(data: string, text: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const listed = await aura(['tx', 'list', '--data', data]);
    if (listed.out.includes(text)) return;
    if (performance.now() > deadline) throw new Error(`not listed: ${JSON.stringify(listed)}`);
    await delay(50);
  }
}

it('aura restored begins another incarnation of a store that nobody works on, and what was lost is decided by a person', async () => {
  const data = join(folder, 'data');
  const restored = ['restored', '--note', 'from the backup of Monday', '--data', data];
  expect(await aura(restored)).toMatchObject({ err: expect.stringContaining('there is no data file') });
  const first = await startOwn({ data }, { port: 0, log: () => undefined });
  try {
    const early = await aura(restored);
    expect(early.err).toContain('is in use by process');
    expect(early.code).not.toBe(0);
  } finally {
    await first.stop();
  }
  await withLostTransaction(data);
  expect(await aura(restored)).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^The store in \S+data begins incarnation \d{4}-[^]*unknown from now on\.[^]*aura tx list$/,
    ),
  });

  const second = await startOwn({ data }, { port: 0, log: () => undefined });
  try {
    await untilListed(data, 'reserve_look  unknown');
    expect((await aura(['why', TRANSACTION, '--data', data])).out).toMatch(
      /is unknown: .* prepared, and in doubt, is budget at style-profile; a person looks .* decides: `aura tx decide/,
    );
    expect((await aura(['tx', 'show', TRANSACTION, '--data', data])).out).toContain(
      'budget  unknown at style-profile: voted yes; holds account/ada',
    );
    const decide = ['tx', 'decide', TRANSACTION, 'aborted', '--note', 'nothing was applied', '--data', data];
    expect(await aura(decide)).toMatchObject({ code: 0, out: expect.stringContaining('is abort') });
  } finally {
    await second.stop();
  }
});

it('aura restored says why it was not done: no note, an Aura elsewhere, a coordinator whose lease has not run out', async () => {
  expect(await aura(['restored'])).toMatchObject({ code: 2 });
  const elsewhere = await aura(['restored', '--note', 'x', '--url', 'http://127.0.0.1:1']);
  expect(elsewhere).toMatchObject({
    code: 2,
    err: expect.stringContaining('a restore is said to the store itself') as string,
  });
  const data = join(folder, 'killed');
  const embedded = await openEmbedded({ path: join(data, 'aura.db') });
  const lease = { name: 'coordinator/host', owner: 'host', now: Date.now(), ttlMs: 60_000 };
  await embedded.leases.acquire(lease);
  await embedded.close();
  const refused = await aura(['restored', '--note', 'x', '--data', data]);
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringContaining('a coordinator works on this store: host') as string,
  });
});
