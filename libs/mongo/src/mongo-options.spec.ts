import { UnsafeSetupError } from '@aura/kernel';
import { checkMongoOptions } from './mongo-options';

const check = (url: string) => checkMongoOptions({ url, database: 'a' });

describe('a connection string', () => {
  test.each([
    'mongodb://h/?w=0',
    'mongodb://h/?w=1',
    'mongodb://h/?journal=false',
    'mongodb://h1,h2:27018/admin?replicaSet=r&j=false',
    'mongodb://h/?readConcernLevel=local',
    'mongodb+srv://h/?readPreference=secondaryPreferred',
    'mongodb://h/?W=0',
  ])('that weakens is refused: %s', (url) => {
    expect(() => check(url)).toThrow(UnsafeSetupError);
    expect(() => check(url)).toThrow(/the MongoDB connection string sets \w+=/);
  });

  test.each([
    'mongodb://h',
    'mongodb://u:p@h1,h2:27018/admin?replicaSet=r&w=majority&journal=true&readPreference=primary&tls=true',
  ])('that asks for no less is taken: %s', (url) => {
    expect(check(url).url).toBe(url);
  });
});

describe('options of MongoDB', () => {
  test('have defaults', () => {
    expect(check('mongodb://h')).toMatchObject({ limitMs: 10_000, maxPoolSize: 16, bulksInFlight: 4 });
  });

  test.each([
    [{ url: 'redis://h', database: 'a' }, 'url'],
    [{ url: 'mongodb://h', database: 'a b' }, 'database'],
    [{ url: 'mongodb://h', database: 'a', limitMs: 1 }, 'limitMs'],
  ])('%j are refused with the name of what is wrong', (options, name) => {
    expect(() => checkMongoOptions(options)).toThrow(UnsafeSetupError);
    expect(() => checkMongoOptions(options)).toThrow(name);
  });
});
