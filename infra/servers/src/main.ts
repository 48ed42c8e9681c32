import {
  killOne,
  serversDown,
  serversStatus,
  serversUp,
  type ServerStatus,
  startOne,
  stopOne,
} from './commands';
import { ServersError } from './errors';
import { serversFolder } from './layout';
import { isServerName, SERVER_NAMES, type ServerName } from './server';
import { envFile } from './state-file';

const USAGE = `usage: npm run servers -- up | down | status
       npm run servers -- start | stop | kill | restart <${SERVER_NAMES.join('|')}>`;

type Command = (folder: string, args: readonly string[]) => Promise<number>;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

function onOne(work: (folder: string, name: ServerName) => Promise<unknown>): Command {
  return async (folder, [name = '']) => {
    if (!isServerName(name)) throw new ServersError(`"${name}" is not a server.`, USAGE);
    await work(folder, name);
    return 0;
  };
}

async function up(folder: string): Promise<number> {
  await serversUp(folder, say);
  tell(`servers are up, see ${envFile(folder)}`);
  return 0;
}

async function down(folder: string): Promise<number> {
  await serversDown(folder, say);
  tell('servers are down');
  return 0;
}

async function status(folder: string): Promise<number> {
  const all = await serversStatus(folder);
  all.forEach((server) => tell(lineOf(server)));
  return all.every((server) => server.state === 'healthy') ? 0 : 1;
}

function lineOf({ name, state, record }: ServerStatus): string {
  const where = record === undefined ? '' : `  ${record.how}  ${record.url}`;
  const pid = record?.how === 'local' ? `  pid ${record.process.pid}` : '';
  return `${name.padEnd(9)} ${state}${where}${pid}`;
}

const commands: Readonly<Record<string, Command>> = {
  up,
  down,
  status,
  start: onOne(startOne),
  stop: onOne(stopOne),
  kill: onOne(killOne),
  restart: onOne(async (folder, name) => {
    await stopOne(folder, name);
    await startOne(folder, name);
  }),
};

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = commands[name];
  if (command === undefined) throw new ServersError(`"${name}" is not a command.`, USAGE);
  return command(serversFolder(), args);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code), // a client library may keep a timer for a while
  (error: unknown) => {
    say(error instanceof ServersError ? `${error.message}\n${error.help}` : String(error));
    process.exit(1);
  },
);
