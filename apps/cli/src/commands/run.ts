import type { SagaDetail } from '@aura/client';
import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { parseInput } from '../input/parse-input';
import { readPicture } from '../input/picture';
import { durationText } from '../pages/duration';
import { fashionPage } from '../pages/fashion-page';
import { endLines, statusText } from '../pages/saga-page';
import { SagaRun } from '../sagas/saga-run';
import { sagaSummary } from '../sagas/saga-summary';
import type { Wish } from '../sagas/wish';
import type { Terminal } from '../terminal';

/** Options of `aura run`. */
export interface RunOptions {
  readonly image?: string;
  readonly input?: string;
  readonly json?: boolean;
  readonly user?: string;
  readonly workflowVersion?: string;
}

/** `aura run <workflow>`: starts a saga, shows its steps live, then its output. */
export async function run(context: CliContext, workflow: string, options: RunOptions): Promise<ExitCode> {
  const { terminal } = context;
  const wish = await wishOf(workflow, options);
  const write = options.json === true ? terminal.err : terminal.out;
  const saga = await withAura(context, runOf(wish, context, write));
  if (options.json === true) terminal.out(JSON.stringify(sagaSummary(saga)));
  else for (const line of endPage(saga, terminal)) terminal.out(line);
  return exitCodeOf(saga);
}

function runOf(wish: Wish, context: CliContext, write: (line: string) => void) {
  const sagaRun = new SagaRun(wish, context, write);
  return sagaRun.on.bind(sagaRun);
}

async function wishOf(workflow: string, options: RunOptions): Promise<Wish> {
  return {
    workflow,
    ...(options.input === undefined ? {} : { input: await parseInput(options.input) }),
    ...(options.image === undefined ? {} : { picture: await readPicture(options.image) }),
    ...(options.user === undefined ? {} : { userId: options.user }),
    ...(options.workflowVersion === undefined ? {} : { version: options.workflowVersion }),
  };
}

/** How a saga ended, and what came out of it. */
export function endPage(saga: SagaDetail, terminal: Terminal): readonly string[] {
  const output = saga.output === undefined ? [] : [JSON.stringify(saga.output, undefined, 2)];
  return [
    `saga ${statusText(saga.status, terminal)} after ${durationText(saga.durationMs)}`,
    ...endLines(saga, terminal),
    ...(fashionPage(saga.output, terminal) ?? output),
  ];
}

/** How a command ends that waited for a saga. */
export function exitCodeOf(saga: SagaDetail): ExitCode {
  return saga.status === 'completed' ? ExitCode.OK : ExitCode.NOT_COMPLETED;
}
