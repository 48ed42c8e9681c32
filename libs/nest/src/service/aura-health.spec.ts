import type { BusHealth } from '@aura/messaging';
import { AuraHealth } from './aura-health';
import type { AuraHealthResult } from './aura-health';

const REFUSED =
  "queue greeter exists with other arguments: inequivalent arg 'x-queue-type'. Drain the queue and delete it (rabbitmqctl delete_queue greeter).";
const RUNNING = { hasParticipant: true, isRunning: true };

function standing(health: BusHealth, lifecycle = RUNNING): AuraHealthResult {
  return new AuraHealth({ bus: { health: () => health } }, lifecycle).check();
}

describe('the health of a service', () => {
  const up: BusHealth = { status: 'up', withoutConsumer: [] };

  test('is up while the bus is, every queue is consumed, and what it has of a participant runs', async () => {
    const fine = { status: 'up', bus: 'up', participant: 'running', reasons: [] };
    expect(standing(up)).toEqual(fine);
    const none = { hasParticipant: false, isRunning: false };
    expect(standing(up, none)).toEqual({ ...fine, participant: 'none' });
    expect(await new AuraHealth({ bus: { health: () => up } }, RUNNING).isHealthy('aura')).toEqual({
      aura: fine,
    });
  });

  test('is down for a queue that the broker refuses, in the words that say what is wrong with it and what to do', () => {
    const refused = [REFUSED, REFUSED.replaceAll('greeter', 'greeter.two')];
    expect(standing({ ...up, reason: refused.join('; '), refused })).toEqual({
      status: 'down',
      bus: 'up',
      participant: 'running',
      reasons: refused,
    });
  });

  test('names each cause, the one that explains the others first', () => {
    const health: BusHealth = {
      status: 'down',
      reason: 'consuming connection: ECONNREFUSED',
      withoutConsumer: ['greeter'],
      refused: [REFUSED],
    };
    expect(standing(health, { ...RUNNING, isRunning: false })).toEqual({
      status: 'down',
      bus: 'down',
      participant: 'stopped',
      reasons: [
        'consuming connection: ECONNREFUSED',
        REFUSED,
        'queue greeter has no consumer',
        'the participant has not started, or has stopped',
      ],
    });
    expect(standing({ status: 'blocked', withoutConsumer: [] }).reasons).toEqual(['the bus is blocked']);
  });
});
