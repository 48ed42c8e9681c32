import {
  AuraError,
  BusinessError,
  isAuraError,
  PayloadTooLargeError,
  StoreUnavailableError,
  TerminalError,
  UnsafeSetupError,
} from './errors';
import { err, never, ok } from './result';

describe('errors', () => {
  test('carry code, help, cause and details under their own name', () => {
    const cause = new Error('below');
    const error = new BusinessError('no money', {
      code: 'NO_MONEY',
      help: 'Pay in.',
      cause,
      details: { missing: 5 },
    });
    expect(error).toBeInstanceOf(AuraError);
    expect(error).toMatchObject({
      name: 'BusinessError',
      code: 'NO_MONEY',
      help: 'Pay in.',
      details: { missing: 5 },
    });
    expect(error.cause).toBe(cause);
    expect(new TerminalError('x', { code: 'X', help: 'y' })).toMatchObject({
      name: 'TerminalError',
      details: {},
    });
    expect('cause' in new TerminalError('x', { code: 'X', help: 'y' })).toBe(false);
  });

  test('of the kernel say what happened and what to do', () => {
    expect(new StoreUnavailableError('the store is away', 1)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: 1,
    });
    expect(new UnsafeSetupError('bad', 'Mend it.')).toMatchObject({ code: 'UNSAFE_SETUP', help: 'Mend it.' });
    const tooLarge = new PayloadTooLargeError('a row', 11, 10);
    expect(tooLarge.message).toBe('a row has 11 bytes; at most 10 are allowed');
    expect(tooLarge.details).toEqual({ bytes: 11, limit: 10 });
  });

  test('are told from others', () => {
    expect(isAuraError(new StoreUnavailableError('x'))).toBe(true);
    expect(isAuraError(new Error('x'))).toBe(false);
    expect(isAuraError({ code: 'X' })).toBe(false);
  });
});

describe('results', () => {
  test('are a value or a reason', () => {
    expect(ok(1)).toEqual({ ok: true, value: 1 });
    expect(err('no')).toEqual({ ok: false, error: 'no' });
  });

  test('a forgotten case names the value', () => {
    expect(() => never({ kind: 'new' } as never)).toThrow('unexpected value {"kind":"new"}');
  });
});
