import type { Spawned } from '../e2e/spawned';

/** Starts a process and resolves when it is ready. */
export type LaunchProcess = () => Promise<Spawned>;

interface Member {
  readonly name: string;
  readonly launch: LaunchProcess;
  process?: Spawned;
  /**
   * `up`: ready. `starting`: it was killed, or has died, and is being started again. `asleep`: stopped by SIGSTOP.
   */
  mode: 'up' | 'starting' | 'asleep';
  /** Settled when it is up again. */
  starting: Promise<void>;
}

/** Lines of what a process said that are told when it has ended by itself. */
const TOLD_LINES = 12;

/** Processes that are kept running, as whoever operates them would: one that ends is started again. */
export class Fleet {
  /** Processes that ended though nobody had killed them, and starts that failed. */
  readonly trouble: string[] = [];
  private readonly members = new Map<string, Member>();
  private isDisbanded = false;

  /** Adds a process and waits until it is ready. */
  async add(name: string, launch: LaunchProcess): Promise<void> {
    const member: Member = { name, launch, mode: 'starting', starting: Promise.resolve() };
    this.members.set(name, member);
    await this.launch(member);
  }

  isUp(name: string): boolean {
    return this.member(name).mode === 'up';
  }

  /** SIGKILL; it is started again in the background. */
  async kill(name: string): Promise<void> {
    const member = this.member(name);
    this.enter(member, 'up', 'starting');
    await member.process?.kill();
    this.startAgain(member);
  }

  /** Stands still until {@link wake}. */
  sleep(name: string): void {
    const member = this.member(name);
    this.enter(member, 'up', 'asleep');
    member.process?.pause();
  }

  wake(name: string): void {
    const member = this.member(name);
    this.enter(member, 'asleep', 'up');
    member.process?.resume();
  }

  /** Resolves when everybody is up. */
  async allUp(): Promise<void> {
    await Promise.all([...this.members.values()].map(({ starting }) => starting));
  }

  /** From now on nobody is started again. */
  disband(): void {
    this.isDisbanded = true;
  }

  private member(name: string): Member {
    const member = this.members.get(name);
    if (member === undefined) throw new RangeError(`${name} is not of this fleet`);
    return member;
  }

  private enter(member: Member, from: Member['mode'], to: Member['mode']): void {
    if (member.mode !== from) throw new Error(`${member.name} is ${member.mode}, not ${from}`);
    member.mode = to;
  }

  private startAgain(member: Member): void {
    if (this.isDisbanded) return;
    member.mode = 'starting';
    member.starting = this.launch(member).catch((error: unknown) => {
      this.trouble.push(`${member.name} could not be started again: ${String(error)}`);
      this.startAgain(member);
      return member.starting;
    });
  }

  private async launch(member: Member): Promise<void> {
    const process = await member.launch();
    member.process = process;
    member.mode = 'up';
    void process.ended.then(({ code, signal }) => {
      if (member.process !== process || member.mode === 'starting' || this.isDisbanded) return;
      const said = process.told().split('\n').slice(-TOLD_LINES).join('\n');
      this.trouble.push(`${member.name} ended by itself with ${code ?? signal}: ${said}`);
      this.startAgain(member);
    });
  }
}
