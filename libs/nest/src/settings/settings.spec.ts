import { UnsafeSetupError } from '@aura/kernel';
import { readSettings } from './read-settings';
import { serviceSettings } from './service-settings';

const servers = {
  AURA_RABBITMQ_URL: 'amqp://127.0.0.1:1',
  AURA_MONGODB_URL: 'mongodb://127.0.0.1:1',
  AURA_REDIS_URL: 'redis://127.0.0.1:1',
};
const schema = serviceSettings(8002);

function refusal(env: Readonly<Record<string, string>>, args: readonly string[] = []): UnsafeSetupError {
  try {
    readSettings('nlu', schema, { env: { ...servers, ...env }, args });
  } catch (error) {
    if (error instanceof UnsafeSetupError) return error;
    throw error;
  }
  throw new Error('it was let through');
}

describe('the settings of a process', () => {
  it('have defaults, and an empty variable is none', () => {
    expect(readSettings('nlu', schema, { env: { ...servers, PORT: '', AURA_TOKEN: '' } })).toMatchObject({
      PORT: 8002,
      AURA_HOST: '127.0.0.1',
      AURA_PREFIX: 'aura',
      AURA_PREFETCH: 100,
      AURA_GRACE_MS: 5000,
    });
  });

  it('are variables or options, and options win', () => {
    const env = { ...servers, PORT: '1', AURA_PREFETCH: '7' };
    const args = ['--port', '9', '--redis-url=redis://127.0.0.1:2'];
    expect(readSettings('nlu', schema, { env, args })).toMatchObject({
      PORT: 9,
      AURA_PREFETCH: 7,
      AURA_REDIS_URL: 'redis://127.0.0.1:2',
    });
  });

  it.each([
    ['PORT', '80a', 'must be a whole number from 0 to 65535'],
    ['PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['AURA_PREFETCH', '0', 'must be a whole number from 1 to 2000'],
    ['AURA_GRACE_MS', '1.5', 'must be a whole number from 0 to 15000'],
    ['AURA_MONGODB_URL', 'http://x', 'must be a URL that begins with mongodb:// or mongodb+srv://'],
    ['AURA_HOST', 'a b', 'must be an address or a host name'],
    ['AURA_PREFIX', 'Mine!', 'must be a lower-case letter'],
  ])('%s=%s is refused in a sentence that says what to do', (name, value, must) => {
    const { message, help } = refusal({ [name]: value });
    expect(message).toContain(`nlu cannot start: ${name} is ${JSON.stringify(value)}, and it ${must}`);
    expect(help).toContain(`Set ${name} (or --`);
  });

  it('name all that is missing at once', () => {
    const read = (): unknown => readSettings('nlu', schema, { env: {} });
    expect(read).toThrow(
      /AURA_RABBITMQ_URL is not set.*; AURA_MONGODB_URL is not set.*; AURA_REDIS_URL is not set/,
    );
  });

  it('never show a secret', () => {
    const { message } = refusal({ AURA_TOKEN: 'abc', AURA_REDIS_URL: 'http://me:pass@host' });
    expect(message).toContain('AURA_TOKEN is a secret of 3 characters, and it must be 16');
    expect(message).toContain('"http://***@host"');
    expect(message).not.toContain('abc');
  });

  it('refuse an option that is none, and name those that are', () => {
    const { message, help } = refusal({}, ['--prot', '1']);
    expect(message).toContain("'--prot'");
    expect(help).toContain('--port');
  });
});
