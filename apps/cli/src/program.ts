import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_DATA, type GlobalOptions } from './aura/global-options';
import type { CliContext } from './cli-context';
import {
  listDefinitions,
  publishDefinitions,
  type PublishOptions,
  validateDefinitions,
} from './commands/definitions';
import { audit, type AuditOptions } from './commands/audit';
import { newProject, type NewProjectOptions, type ProjectKind } from './commands/new-project';
import { restored, type RestoredOptions } from './commands/restored';
import { run, type RunOptions } from './commands/run';
import { writeTypes, type TypesOptions } from './commands/types';
import type { MendOptions } from '@aura/client';
import { dropUnclaimed, explain, listOverdue, listUnclaimed, rebuildViews } from './commands/operations';
import { cancelSaga, mendSaga, rerunSaga, showSaga } from './commands/sagas';
import type { MendCommandOptions, RerunCommandOptions } from './commands/sagas';
import { down } from './commands/down';
import { logs, type LogsOptions } from './commands/logs';
import { DEFAULT_PORT, start, type StartOptions } from './commands/start';
import { status, type StatusOptions } from './commands/status';
import { up, type UpOptions } from './commands/up';
import { addSagaList } from './saga-list-command';
import { addTransactions } from './transaction-commands';
import { exitCodeTable, type ExitCode } from './exit-code';

/** What the program needs of the process that it stands in. */
export interface ProgramWorld {
  readonly version: string;
  readonly terminal: CliContext['terminal'];
  readonly signal: AbortSignal;
  /** Gets how the command that ran has ended. */
  ended(code: ExitCode): void;
}

type Action = (context: CliContext, command: Command) => Promise<ExitCode>;

/** The commands of the CLI. Parsing rejects with a `CommanderError` for help, version and wrong usage. */
export function program(world: ProgramWorld): Command {
  const aura = new Command('aura')
    .description('Starts sagas and looks at them; with no Aura running, a command starts one for itself.')
    .version(world.version)
    .addOption(new Option('--url <url>', 'an Aura that runs elsewhere').env('AURA_URL'))
    .option('--data <dir>', "folder of the embedded Aura's data", DEFAULT_DATA)
    .option('--servers', 'on RabbitMQ, MongoDB and Redis (npm run servers:up) instead of a data folder')
    .addOption(new Option('--port <port>', portHelp()).argParser(portOf))
    .addHelpText('after', `\n${exitCodeTable()}`)
    .showHelpAfterError('(aura --help tells more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.terminal.out(text.trimEnd()),
      writeErr: (text) => world.terminal.err(text.trimEnd()),
    });
  addStaying(aura, world);
  addRunning(aura, world);
  addDefinitions(aura, world);
  addLooking(aura, world);
  addOperations(aura, world);
  addTransactions(aura, (action) => acting(world, action));
  addNew(aura, world);
  return aura;
}

function portHelp(): string {
  return `port of an embedded Aura (default: ${DEFAULT_PORT} for start and up, any free one otherwise); a busy one moves`;
}

function addStaying(aura: Command, world: ProgramWorld): void {
  aura
    .command('up')
    .description('start an Aura that stays; with --servers one process a service, kept alive')
    .option('--foreground', 'stay with it until Ctrl-C')
    .action(acting(world, (context, command) => up(context, command.opts<UpOptions>())));
  aura
    .command('status')
    .description('processes, ports, health, versions and participants of the Aura that is up')
    .option('--json', 'print exactly one object on stdout')
    .action(acting(world, (context, command) => status(context, command.opts<StatusOptions>())));
  aura
    .command('logs')
    .description('what its processes say; of one service, or all lines of one saga')
    .argument('[what]', 'a service, e.g. nlu, or the id of a saga')
    .option('-f, --follow', 'go on until Ctrl-C')
    .action(acting(world, (context, command) => logs(context, command.args[0], command.opts<LogsOptions>())));
  aura
    .command('audit')
    .description('add money, stock and all else up from the journals alone; reads the stores, writes nothing')
    .option('--json', 'print exactly one object on stdout')
    .action(acting(world, (context, command) => audit(context, command.opts<AuditOptions>())));
  aura
    .command('restored')
    .description("say that the coordinators' store was set back to a backup, before one begins on it again")
    .requiredOption('--note <text>', 'which backup, and why; stands in the store')
    .action(acting(world, (context, command) => restored(context, command.opts<RestoredOptions>())));
  aura
    .command('down')
    .description('stop the Aura that is up, in good order')
    .action(acting(world, (context) => down(context)));
}

function addRunning(aura: Command, world: ProgramWorld): void {
  aura
    .command('start')
    .description('start an embedded Aura, show a first analysis, stay up')
    .option('--once', 'end after the analysis')
    .option('--image <file>', 'a picture of your own instead of the sample')
    .action(acting(world, (context, command) => start(context, command.opts<StartOptions>())));
  aura
    .command('run')
    .description('start a saga, show its steps, print its output')
    .argument('<workflow>', "a definition's id, e.g. complete_fashion_analysis")
    .option('--image <file>', 'upload a JPEG, PNG, WebP or AVIF and set it as `image` of the input')
    .option('--input <json>', "the input as JSON, or @file; default: the definition's example")
    .option('--json', 'print exactly one object on stdout; the steps go to stderr')
    .option('--user <id>', 'the person whose saga it is')
    .option('--workflow-version <version>', 'a version other than the newest')
    .action(
      acting(world, (context, command) => run(context, command.args[0] ?? '', command.opts<RunOptions>())),
    );
}

function addDefinitions(aura: Command, world: ProgramWorld): void {
  const definitions = aura.command('definitions').description('look at definitions, and publish them');
  definitions
    .command('list')
    .description('the definitions that are published')
    .action(acting(world, listDefinitions));
  definitions
    .command('validate')
    .description('check definitions without publishing them; every reason with its line')
    .argument('<file...>', 'YAML or JSON')
    .action(acting(world, (context, command) => validateDefinitions(context, command.args)));
  definitions
    .command('publish')
    .description('publish definitions; every reason against one with its line')
    .argument('<file...>', 'YAML or JSON')
    .addOption(
      new Option('--wait <seconds>', 'how long to wait until each is active')
        .default(10)
        .argParser(secondsOf),
    )
    .action(
      acting(world, (context, command) =>
        publishDefinitions(context, command.args, command.opts<PublishOptions>()),
      ),
    );
  aura
    .command('types')
    .description('TypeScript of what workflows take and give, for @aura/client')
    .option('--out <file>', 'write it there instead of to stdout')
    .action(acting(world, (context, command) => writeTypes(context, command.opts<TypesOptions>())));
}

function addLooking(aura: Command, world: ProgramWorld): void {
  const sagas = aura.command('sagas').description('look at sagas, and mend those that wait for a person');
  addSagaList(sagas, (action) => acting(world, action));
  addMending(sagas, world);
  addRerun(sagas, world);
  sagas
    .command('show')
    .description('a saga on one page')
    .argument('<id>')
    .option('--json', 'as the API answers it')
    .action(acting(world, (context, command) => showSaga(context, command.args[0] ?? '', command.opts())));
  aura
    .command('why')
    .description(
      'why a saga, an event ("source id"), a dead letter or a definition (id@version) waits, in one sentence',
    )
    .argument('<id>')
    .action(acting(world, (context, command) => explain(context, command.args[0] ?? '')));
}

function addMending(sagas: Command, world: ProgramWorld): void {
  const verbs: readonly (readonly [MendOptions['command'], string])[] = [
    ['retry', 'try an undo that failed, or the step that suspended a saga, once more'],
    ['skip', 'leave what could not be undone'],
    ['resolve', 'say that what could not be undone was undone by hand'],
    ['resume', 'give the output of the step that suspended a saga'],
  ];
  for (const [verb, description] of verbs) {
    const command = sagas.command(verb).description(description).argument('<id>');
    command
      .option('--step <step>', 'only this step')
      .option('--reason <text>', "stands in the saga's journal");
    if (verb === 'resolve') command.requiredOption('--note <text>', 'what was done by hand');
    if (verb === 'resume') command.requiredOption('--input <json>', "the step's output");
    command.action(
      acting(world, (context, own) =>
        mendSaga(context, verb, own.args[0] ?? '', own.opts<MendCommandOptions>()),
      ),
    );
  }
  sagas
    .command('cancel')
    .description('give a saga up and undo what it did')
    .argument('<id>')
    .option('--reason <text>', "stands in the saga's journal")
    .action(
      acting(world, (context, own) => cancelSaga(context, own.args[0] ?? '', own.opts<MendCommandOptions>())),
    );
}

function addOperations(aura: Command, world: ProgramWorld): void {
  const events = aura.command('events').description('look at events that no saga has claimed');
  events
    .command('unclaimed')
    .description('events whose saga is not known, and until when they are held')
    .action(acting(world, (context) => listUnclaimed(context)));
  events
    .command('drop')
    .description('give up waiting for the saga of an event')
    .argument('<source>')
    .argument('<id>')
    .option('--note <text>', 'why; stands in the log')
    .action(
      acting(world, (context, command) => {
        const [source = '', id = ''] = command.args;
        return dropUnclaimed(context, { source, id }, command.opts<{ readonly note?: string }>());
      }),
    );
  aura
    .command('overdue')
    .description('what is past the time that it said, or does not say what it waits for')
    .action(acting(world, (context) => listOverdue(context)));
  aura
    .command('rebuild')
    .description('make the views of sagas, transactions and definitions again from their journals')
    .option('--dry-run', 'only tell what is missing or different')
    .action(
      acting(world, (context, command) =>
        rebuildViews(context, command.opts<{ readonly dryRun?: boolean }>()),
      ),
    );
}

function addRerun(sagas: Command, world: ProgramWorld): void {
  sagas
    .command('rerun')
    .description(
      'let a saga go on again from a step, as a new run; what it applied from there on is undone first',
    )
    .argument('<id>')
    .requiredOption('--from <step>', 'the step from which it goes on')
    .option('--note <text>', "why; stands in the saga's journal")
    .option('--dry-run', 'only tell what would be undone, run again and carried over')
    .action(
      acting(world, (context, own) => rerunSaga(context, own.args[0] ?? '', own.opts<RerunCommandOptions>())),
    );
}

function addNew(aura: Command, world: ProgramWorld): void {
  const make = aura.command('new').description('write a small project with a test that passes');
  const kinds: readonly (readonly [ProjectKind, string])[] = [
    ['participant', 'a service with one action, and a saga that uses it; e.g. style-advisor'],
    ['workflow', 'a saga over the actions that Aura ships with; e.g. autumn_looks'],
  ];
  for (const [kind, description] of kinds)
    make
      .command(kind)
      .description(description)
      .argument('<name>')
      .option('--into <dir>', 'its folder; default: one with its name')
      .option('--packages <dir>', 'where npm run pack has put packages; default: .aura/packages')
      .action(
        acting(world, (context, command) =>
          newProject(context, kind, command.args[0] ?? '', command.opts<NewProjectOptions>()),
        ),
      );
}

/** Commander hands arguments over by position; the command itself comes last and knows them all. */
function acting({ terminal, signal, ended }: ProgramWorld, action: Action) {
  return async (...args: readonly unknown[]): Promise<void> => {
    const command = args.at(-1);
    if (!(command instanceof Command)) throw new TypeError('commander handed over no command');
    const options = command.optsWithGlobals<GlobalOptions>();
    ended(await action({ options, terminal, signal }, command));
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds from 0 to 3600.');
}
