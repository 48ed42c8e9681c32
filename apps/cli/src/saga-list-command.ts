import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { Acting } from './acting';
import { listSagas } from './commands/list-sagas';
import type { SagaListOptions } from './commands/list-sagas';

/** `aura sagas list`. */
export function addSagaList(sagas: Command, acting: Acting): void {
  sagas
    .command('list')
    .description('sagas, newest first')
    .option('--status <status...>', 'only in one of these, e.g. running suspended')
    .option('--workflow <id>', 'only of this definition')
    .option('--user <id>', 'only of this person')
    .addOption(new Option('--from <time>', 'started then or later').argParser(timeOf))
    .addOption(new Option('--to <time>', 'started before then').argParser(timeOf))
    .addOption(new Option('--limit <n>', 'how many, at most 200').default(50).argParser(limitOf))
    .option('--json', 'as the API answers it')
    .action(acting((context, own) => listSagas(context, own.opts<SagaListOptions>())));
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('It must be a time, e.g. 2026-01-31T12:00:00Z.');
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 200) return limit;
  throw new InvalidArgumentError('It must be a number from 1 to 200.');
}
