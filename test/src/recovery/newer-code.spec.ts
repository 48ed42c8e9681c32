import { openEmbeddedRuntime } from '@aura/nest';
import type { Action } from '@aura/workflow';
import { startParticipant } from '@aura/workflow';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labAction, labParticipant } from '../lab/actions';
import { eventually } from '../lab/eventually';
import { Lab } from '../lab/lab';
import { definition } from '../lab/road-world';

let isShut = true;

const ask: Action = labAction('ask', async (_input, { signal }) => {
  while (isShut) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return 'asked';
});

const say = (words: string): Action => labAction('say', () => words);
const patient = { timeout: '5s', retryPolicy: { maxAttempts: 1, maxEpochs: 10 } };

const flow = (version: string, last: object) =>
  definition(
    'flow',
    [
      { id: 'first', action: 'ask', input: {}, ...patient },
      {
        id: 'last',
        dependencies: ['first'],
        input: {},
        timeout: '300ms',
        retryPolicy: { maxAttempts: 1, maxEpochs: 1 },
        ...last,
      },
    ] as never,
    { version },
  );

describe('a participant that comes back with newer code while sagas are under way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-newer-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finishes them by the definition that they began with, or lets them wait visibly for what it no longer offers', async () => {
    const runtime = await openEmbeddedRuntime({ dataDir: folder, log: () => undefined });
    const lab = await Lab.open({ runtime, participants: [], definitions: [] });
    const started = async (version: string, actions: readonly Action[]) => {
      const { bus, claims, world, log } = runtime;
      const stores = await runtime.stores('shop');
      const options = { heartbeatMs: 100, instance: `shop@${version}` };
      return startParticipant(
        { ...labParticipant('shop', actions), version },
        { ...stores, bus, claims, world, log },
        options,
      );
    };
    const older = await started('1.0.0', [ask, say('old words')]);
    await lab.publish(flow('1.0.0', { action: 'say' }));
    const first = await lab.start('flow');
    const second = await lab.start('flow');
    await older.stop(100);

    const newer = await started('2.0.0', [ask, say('new words'), labAction('sing', () => 'la')]);
    await lab.publish(flow('2.0.0', { action: 'sing' }));
    await newer.stop(100);
    const newest = await started('3.0.0', [ask, labAction('sing', () => 'la')]);
    isShut = false;

    expect(await lab.run('flow')).toMatchObject({ version: '2.0.0', output: { last: { value: 'la' } } });
    const look = async (): Promise<string | undefined> => {
      const sentence = await lab.coordinator.why(first);
      return sentence?.includes('no longer offers') === true ? sentence : undefined;
    };
    const why = await eventually('it waits for what is not offered', look, 60_000);
    expect(why).toContain('waits for step last (say at shop)');
    expect(why).toContain(
      'Participant shop no longer offers action say, so that step last waits until it does.',
    );
    // Longer than its step may take: its time stands still.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await lab.coordinator.find(first)).toMatchObject({ status: 'running', version: '1.0.0' });
    await newest.stop(100);

    const mended = await started('4.0.0', [ask, say('words again'), labAction('sing', () => 'la')]);
    for (const saga of [first, second])
      expect(await lab.until(saga)).toMatchObject({
        status: 'completed',
        version: '1.0.0',
        output: { last: { value: 'words again' } },
      });
    await mended.stop(100);
    await lab.close();
    await runtime.close();
  }, 120_000);
});
