import { ExitCode } from './exit-code';

/** A signal that asks to end in good order; a second one ends at once. */
export class Interruption extends Error {
  constructor(readonly by: 'SIGINT' | 'SIGTERM') {
    super(by === 'SIGINT' ? 'interrupted' : 'terminated');
    this.name = 'Interruption';
  }

  /** 128 and the number of the signal, as shells do. */
  get exitCode(): ExitCode {
    return this.by === 'SIGINT' ? ExitCode.INTERRUPTED : ExitCode.TERMINATED;
  }
}

/** A signal that aborts with an {@link Interruption} at SIGINT or SIGTERM; the second of them ends the process. */
export function interruptible(): AbortSignal {
  const controller = new AbortController();
  for (const by of ['SIGINT', 'SIGTERM'] as const) {
    process.on(by, () => {
      const interruption = new Interruption(by);
      if (controller.signal.aborted) process.exit(interruption.exitCode);
      controller.abort(interruption);
    });
  }
  return controller.signal;
}
