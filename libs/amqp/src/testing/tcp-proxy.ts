import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a server that can cut connections and swallow what the server answers. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #target: { readonly host: string; readonly port: number };
  #isSwallowing = false;
  #isRefusing = false;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  /** Opens a proxy on a free loopback port in front of the server of a URL; one of AMQP may leave the port out. */
  static async open(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy({ host: hostname, port: Number(port || 5672) });
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The given URL, by way of the proxy. */
  through(url: string): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    const changed = new URL(url);
    changed.host = `127.0.0.1:${address.port}`;
    return changed.href;
  }

  #join(client: Socket): void {
    if (this.#isRefusing) {
      client.destroy();
      return;
    }
    const server = connect(this.#target);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => {
      if (!this.#isSwallowing) client.write(bytes);
    });
    const end = () => {
      client.destroy();
      server.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of pair) socket.on('close', end).on('error', end);
  }

  /** Cuts all connections; new ones are taken. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Takes (false) or refuses (true) new connections. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
  }

  /** Lets the server's answers through (false) or loses them (true). */
  swallow(isSwallowing: boolean): void {
    this.#isSwallowing = isSwallowing;
  }

  /** Connections that stand. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Cuts everything and takes nothing more. */
  async close(): Promise<void> {
    this.#isRefusing = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }
}
