import { isAuraError } from '@aura/kernel';
import { checkBroker } from './broker-check';

const capabilities = {
  publisher_confirms: true,
  'basic.nack': true,
  consumer_cancel_notify: true,
  exchange_exchange_bindings: true,
};

describe('the check of the broker', () => {
  it.each(['3.10.0', '3.10.8', '3.13.7', '4.0.2', '4.2.0'])('takes RabbitMQ %s', (version) => {
    expect(() => checkBroker({ product: 'RabbitMQ', version, capabilities })).not.toThrow();
  });

  it.each(['3.9.29', '3.8.34', '2.8.0'])('refuses RabbitMQ %s and says what to do', (version) => {
    const refusal = refusalOf({ product: 'RabbitMQ', version, capabilities });
    expect(refusal).toMatchObject({ code: 'UNSAFE_SETUP', help: expect.stringContaining('3.10') });
    expect(refusal.message).toContain(version);
  });

  it('refuses a broker without confirms', () => {
    const without = { ...capabilities, publisher_confirms: false };
    expect(refusalOf({ product: 'Other', version: '9.0', capabilities: without }).message).toContain(
      'publisher_confirms',
    );
  });

  it('refuses a broker that says nothing of itself', () => {
    expect(refusalOf({}).code).toBe('UNSAFE_SETUP');
  });
});

function refusalOf(properties: unknown) {
  try {
    checkBroker(properties);
  } catch (error) {
    if (isAuraError(error)) return error;
    throw error;
  }
  throw new Error('it was taken');
}
