import { AuraUnreachableError, UnexpectedAnswerError } from '@aura/client';
import { CliError } from './cli-error';
import { ExitCode } from './exit-code';
import { reportError } from './report-error';
import { recordedTerminal } from './testing/recorded-terminal';

function told(error: unknown, debug = false) {
  const { terminal, out, err } = recordedTerminal();
  const code = reportError(error, terminal, debug);
  expect(out).toEqual([]);
  return { code, err };
}

describe('an error', () => {
  it.each([
    ['of the CLI', new CliError('no', 'do', ExitCode.REFUSED), 1, ['error: no', 'do']],
    ['of an embedded Aura', Object.assign(new Error('odd'), { help: 'mend' }), 5, ['error: odd', 'mend']],
    ['that is no Error', 'text', 5, ['error: text', expect.stringContaining('AURA_DEBUG')]],
  ])('%s is a sentence and what to do', (_name, error, code, err) => {
    expect(told(error)).toEqual({ code, err });
  });

  it('that stands for several is told by the first of them, with the others below', () => {
    const full = Object.assign(new Error('no room'), { help: 'make room' });
    const several = new AggregateError([full, new Error('no log')], 'both');
    expect(told(several)).toEqual({ code: 5, err: ['error: no room', '  no log', 'make room'] });
    expect(told(new AggregateError([], 'none')).err[0]).toBe('error: none');
  });

  it('of the network ends with 4, of a stranger with 5', () => {
    expect(told(new AuraUnreachableError('http://x', 'gone')).code).toBe(4);
    expect(told(new UnexpectedAnswerError('http://x', 'odd')).code).toBe(5);
  });

  it('shows stacks and causes when they are asked for alone', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    expect(told(error).err.join('\n')).not.toContain('    at ');
    expect(told(error, true).err.join('\n')).toMatch(/outer\n {4}at [^]*caused by: Error: inner\n {4}at /);
  });
});
