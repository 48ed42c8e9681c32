import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Answers that are to be lost, and whether their connections are cut. */
interface Losing {
  readonly command: string;
  times: number;
  readonly isCut: boolean;
}

/** Stands between driver and server and can lose the answer to a command: the server acts, nobody hears of it. */
export class LossyProxy {
  private readonly sockets = new Set<Socket>();
  private readonly counts = new Map<string, number>();
  private losing: Losing = { command: '', times: 0, isCut: true };

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** A proxy on a free port of the loopback, before the server that a URL names. */
  static async before(url: string): Promise<LossyProxy> {
    const server = createServer();
    const proxy = new LossyProxy(server, new URL(url));
    server.on('connection', (client) => proxy.join(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The given URL with the proxy's address. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Loses the answers to the next `times` commands of a name, and cuts their connections. */
  loseAnswers(command: string, times: number): void {
    this.losing = { command, times, isCut: true };
  }

  /** Loses them while their connections stay: whoever asked is answered nothing, and hears of no failure either. */
  withholdAnswers(command: string, times: number): void {
    this.losing = { command, times, isCut: false };
  }

  /** Answers that are still to be lost. */
  get left(): number {
    return this.losing.times;
  }

  /** How often a command was asked for. */
  calls(command: string): number {
    return this.counts.get(command) ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    let asked = '';
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      // A command document begins behind header, flags and kind: length, type, name, zero.
      asked = /^[a-zA-Z]+/.exec(bytes.toString('latin1', 26, 60))?.[0] ?? '';
      this.counts.set(asked, this.calls(asked) + 1);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (this.losing.times > 0 && asked === this.losing.command) {
        this.losing.times--;
        if (this.losing.isCut) client.destroy();
      } else client.write(bytes);
    });
  }
}
