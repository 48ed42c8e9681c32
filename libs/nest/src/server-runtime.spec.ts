import { UnsafeSetupError } from '@aura/kernel';
import { openServerRuntime, serverEnvironment } from './server-runtime';

const urls = {
  AURA_RABBITMQ_URL: 'amqp://127.0.0.1:1',
  AURA_MONGODB_URL: 'mongodb://127.0.0.1:1',
  AURA_REDIS_URL: 'redis://127.0.0.1:1',
};

describe('the environment of a service on servers', () => {
  it('names what is missing and says what to do', () => {
    const read = (): unknown => serverEnvironment({ AURA_REDIS_URL: 'redis://x' }, 'nlu');
    expect(read).toThrow(UnsafeSetupError);
    expect(read).toThrow('nlu does not know its servers: AURA_RABBITMQ_URL, AURA_MONGODB_URL');
  });

  it('has a prefix and a name of its own unless they are given', () => {
    expect(serverEnvironment(urls, 'nlu')).toMatchObject({
      prefix: 'aura',
      instance: expect.stringContaining('nlu-'),
    });
    expect(serverEnvironment({ ...urls, AURA_PREFIX: 'mine', AURA_INSTANCE: 'n1' }, 'nlu')).toMatchObject({
      prefix: 'mine',
      instance: 'n1',
    });
  });

  it('refuses a prefix that no database could have', () => {
    expect(() => serverEnvironment({ ...urls, AURA_PREFIX: 'Mine!' }, 'nlu')).toThrow('AURA_PREFIX');
  });
});

it('a runtime on servers refuses a URL that is none', async () => {
  const environment = { ...serverEnvironment(urls, 'nlu'), mongodb: 'http://nobody' };
  await expect(openServerRuntime(environment, () => undefined)).rejects.toBeInstanceOf(UnsafeSetupError);
});
