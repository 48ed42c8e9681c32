import { connect, type AuraClient } from '@aura/client';
import { CliError } from '../cli-error';
import type { Terminal } from '../terminal';
import { startOwn } from './embedded';
import { findAnswering, localClient } from './find-running';
import { groundOf, runFileOfOptions, type GlobalOptions } from './global-options';
import { readRunFile } from './run-file';

/** An Aura that a command talks to. */
export interface OpenAura {
  readonly client: AuraClient;
  /** `given` by `--url` or `AURA_URL`; `running` already on this machine; `embedded` in this process. */
  readonly origin: 'given' | 'running' | 'embedded';
  /** Whether it is still announced; one that is about to stop is not, and its answers count no more. */
  isAnnounced(): boolean;
  /** Stops what was started for the command, and nothing else. */
  close(): Promise<void>;
}

/** Finds a running Aura, or starts an embedded one for the command's own duration; says on stderr which. */
export async function openAura(options: GlobalOptions, terminal: Terminal): Promise<OpenAura> {
  if (options.url !== undefined && options.url !== '') return given(options.url, terminal);
  const runFile = runFileOfOptions(options);
  const running = await findAnswering(runFile, terminal.err);
  const isAnnounced = (url: string): boolean => readRunFile(runFile)?.url === url;
  if (running) {
    const { url, pid, client } = running;
    terminal.err(`Using the Aura that runs at ${url} (process ${pid}).`);
    return { client, origin: 'running', isAnnounced: () => isAnnounced(url), close: async () => undefined };
  }
  terminal.err(`No Aura is running; starting one for this command (${groundOf(options)}).`);
  const own = await startOwn(options, { port: options.port ?? 0, log: (line) => terminal.err(line) });
  if (own.isOwn) terminal.err(`Aura listens on ${own.url} until this command ends.`);
  return {
    client: localClient(own.url),
    origin: own.isOwn ? 'embedded' : 'running',
    isAnnounced: () => isAnnounced(own.url),
    close: own.stop,
  };
}

function given(url: string, terminal: Terminal): OpenAura {
  let client: AuraClient;
  try {
    client = connect({ url });
  } catch (error) {
    throw new CliError(`${JSON.stringify(url)} is no URL`, 'Give one such as http://127.0.0.1:8006.', 2, {
      cause: error,
    });
  }
  terminal.err(`Using the Aura at ${client.url}.`);
  return { client, origin: 'given', isAnnounced: () => true, close: async () => undefined };
}
