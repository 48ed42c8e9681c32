import { EVENTS_EXCHANGE, STEPS_EXCHANGE, UnroutableError } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { labAction, labParticipant } from './actions';
import { eventually } from './eventually';
import type { Lab } from './lab';
import { labAround } from './lab-around';
import type { OpenRuntime } from './lab-around';
import { definition } from './road-world';

const ON = 'shop.retiring.v1';
const KEYS = [
  [EVENTS_EXCHANGE, ON],
  [EVENTS_EXCHANGE, 'ai.aura.saga.started.v1.leaving'],
  [STEPS_EXCHANGE, 'lab.wait.done.v1.leaving'],
] as const;

/** Definitions that retire under real participants, on a runtime; absent: an embedded one. */
export function retiring(open: OpenRuntime): void {
  let lab: Lab;
  let goOn: () => void;
  const held = new Promise<string>((resolve) => {
    goOn = () => resolve('done');
  });
  const left = labParticipant('left', [labAction('wait', () => held)]);
  const right = labParticipant('right', [labAction('behind', (input) => input)]);
  const leaving = definition(
    'leaving',
    [
      { id: 'wait', action: 'wait', input: {} },
      { id: 'behind', action: 'behind', dependencies: ['wait'], input: { got: 'steps.wait.output.value' } },
    ],
    { triggers: [{ on: ON, when: 'false' }], output: { got: 'steps.behind.output.value' } },
  );

  labAround(
    open,
    {
      participants: [left, right],
      definitions: [leaving],
      settings: { definitionsMs: 50, releaseAfterMs: 200 },
    },
    (opened) => {
      lab = opened;
    },
  );

  async function boundKeys(): Promise<readonly string[]> {
    const bound: string[] = [];
    for (const [exchange, key] of KEYS)
      await lab.runtime.bus
        .publish([{ event: someEvent('probe'), to: [{ kind: 'exchange', exchange, key, mandatory: true }] }])
        .then(
          () => bound.push(key),
          (error: unknown) => {
            if (!(error instanceof UnroutableError)) throw error;
          },
        );
    return bound;
  }

  it('let their last saga end, and are then bound nowhere', async () => {
    const saga = await lab.start('leaving');
    const actor = { subject: 'tester', roles: [] };
    const retired = await lab.coordinator.retireDefinition({ definition: 'leaving', actor });
    expect(retired).toMatchObject({ ok: true, value: [{ status: 'retired' }] });
    // Longer than a retired definition stays bound without sagas.
    const late = performance.now() + 600;
    await eventually('time has passed', () => (performance.now() > late ? true : undefined));
    expect(await boundKeys()).toEqual(KEYS.map(([, key]) => key));
    goOn();
    expect(await lab.until(saga)).toMatchObject({ status: 'completed', output: { got: { got: 'done' } } });
    await eventually('nothing is bound', async () => ((await boundKeys()).length === 0 ? true : undefined));
    await eventually('everybody has confirmed', async () => {
      const [known] = await lab.coordinator.definitions();
      return known?.status === 'retired' && known.waitsFor.length === 0 ? true : undefined;
    });
  }, 30_000);
}
