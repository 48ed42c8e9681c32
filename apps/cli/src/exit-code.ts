/** How the CLI ends; the one table that README and `--help` show. */
export const ExitCode = {
  OK: 0,
  REFUSED: 1,
  USAGE: 2,
  NOT_COMPLETED: 3,
  UNREACHABLE: 4,
  INTERNAL: 5,
  DEGRADED: 6,
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const meanings: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'refused: a definition or an input is not valid, or what was asked for is not held; an audit that does not add up',
  2: 'used in a wrong way: an unknown command or option, a file that cannot be read',
  3: 'the saga did not complete: it failed, was cancelled, was undone, or waits for a person',
  4: 'Aura cannot be reached, or is overloaded or unavailable',
  5: 'something went wrong inside; AURA_DEBUG=1 shows where',
  6: 'Aura runs, but not whole: a process, a server or a participant is missing (aura status)',
  130: 'interrupted (Ctrl-C); a saga that was started goes on',
  143: 'terminated (SIGTERM); a saga that was started goes on',
};

/** The table as text, one line a code. */
export function exitCodeTable(): string {
  const lines = Object.entries(meanings).map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}
