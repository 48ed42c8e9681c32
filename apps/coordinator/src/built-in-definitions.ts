import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import type { DefinitionProblem } from '@aura/contracts';
import type { Cancel, World } from '@aura/kernel';
import type { Actor, Coordinator } from '@aura/saga';

/** Wait between two tries while participants have not announced themselves yet, ms. */
const TRY_AGAIN_MS = 200;
/** After this many tries the reason is told, and told again at every so many. */
const TELL_EVERY = 50;

const BY_AURA: Actor = { subject: 'aura', roles: ['system'] };

/** Folder of the definitions that Aura ships with. */
export function builtInFolder(): string {
  return join(dirname(require.resolve('@aura/contracts/package.json')), 'workflows');
}

/** Publishes the definitions of a folder, each in a file named after its id, as soon as participants offer their actions and what they run as sub-sagas is active. Goes on until all are published. */
export class BuiltInDefinitions {
  private cancel: Cancel = () => undefined;
  private isStopping = false;
  private working: Promise<void> = Promise.resolve();
  private readonly waiting = new Map<string, readonly string[]>();

  constructor(
    private readonly coordinator: Coordinator,
    private readonly world: World,
    private readonly log: (line: string) => void,
  ) {}

  /** Begins to publish every `*.yaml` and `*.json` of the folder. */
  async start(folder: string): Promise<void> {
    const names = (await readdir(folder)).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
    const files = await Promise.all(
      names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
    );
    for (const { name } of files)
      this.waiting.set(parse(name).name, ['its participants have not been heard yet']);
    this.attempt(files, 1);
  }

  /** What a definition waits for that cannot be published yet, by its id; undefined when none of this id is to come. */
  pending(workflow: string): readonly string[] | undefined {
    return this.waiting.get(workflow);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancel();
    await this.working;
  }

  private attempt(files: readonly DefinitionFile[], tries: number): void {
    this.working = this.publishAll(files, tries)
      .catch((error: unknown) => {
        this.log(`definitions not published yet: ${error instanceof Error ? error.message : String(error)}`);
        return files;
      })
      .then((open) => {
        if (open.length === 0 || this.isStopping) return;
        this.cancel = this.world.scheduler.after(TRY_AGAIN_MS, () => this.attempt(open, tries + 1));
      });
  }

  private async publishAll(
    files: readonly DefinitionFile[],
    tries: number,
  ): Promise<readonly DefinitionFile[]> {
    const open: DefinitionFile[] = [];
    for (const file of files) {
      const published = await this.coordinator.publishDefinition(file.text, file.name, BY_AURA);
      const missing = published.ok ? [] : published.error.filter(isWaiting).map(({ message }) => message);
      if (missing.length > 0) this.waiting.set(parse(file.name).name, missing);
      else this.waiting.delete(parse(file.name).name);
      if (published.ok) continue;
      if (published.error.some(isWaiting)) open.push(file);
      if (tries % TELL_EVERY === 0 || !published.error.some(isWaiting)) this.tell(file.name, published.error);
    }
    return open;
  }

  private tell(name: string, problems: readonly DefinitionProblem[]): void {
    for (const { message, line } of problems)
      this.log(`${name}${line === undefined ? '' : `:${line}`}: ${message}`);
  }
}

interface DefinitionFile {
  readonly name: string;
  readonly text: string;
}

/** A participant may still announce the action, and a definition that it runs as a sub-saga may still become active. */
const WAITING: readonly string[] = ['UNKNOWN_ACTION', 'UNKNOWN_WORKFLOW'];

function isWaiting({ code }: DefinitionProblem): boolean {
  return WAITING.includes(code);
}
