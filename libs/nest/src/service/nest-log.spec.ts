import { Logger } from '@nestjs/common';
import { nestLog } from './nest-log';

describe('the log of a service without one of its own', () => {
  it("writes through Nest's logger, each line on its level, with what belongs to it", () => {
    const lines: unknown[] = [];
    const note =
      (level: string) =>
      (message: unknown, ...more: readonly unknown[]): void =>
        void lines.push([level, message, more.at(-1)]);
    Logger.overrideLogger({
      debug: note('debug'),
      log: note('log'),
      warn: note('warn'),
      error: note('error'),
    });
    const log = nestLog();
    log.debug('looked');
    log.info('joined', { url: 'ws://127.0.0.1:1' });
    log.warn('waiting', { attempt: 2 });
    log.error('gone', { error: new Error('over') });
    Logger.overrideLogger(['log', 'warn', 'error']);
    expect(lines).toEqual([
      ['debug', 'looked', 'Aura'],
      ['log', 'joined url="ws://127.0.0.1:1"', 'Aura'],
      ['warn', 'waiting attempt=2', 'Aura'],
      ['error', 'gone error="over"', 'Aura'],
    ]);
  });
});
