import { decodeStructuredText } from '@aura/contracts';
import type { Binding, OutboundMessage, QueueDeclaration } from '@aura/messaging';
import type { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../wire/frame';
import type { FromGuest, FromHost, WireMessage } from '../wire/protocol';
import { toWire } from '../wire/wire-error';
import { valueToWire } from '../wire/wire-value';
import { GuestConsumer } from './guest-consumer';
import type { LosableBus, Served } from './served';
import type { StoreCall, StoreDesk } from './store-desk';

/** Calls of one guest under way at once; beyond it nothing more is read from its socket. */
const MOST_CALLS = 2000;

/** An answer: a value, and bytes behind it. */
interface Answer {
  readonly value?: unknown;
  readonly bytes?: Uint8Array;
}

type Answering = (args: readonly unknown[], tail: Uint8Array) => Promise<Answer | void>;

/**
 * One process that has joined: a client of the bus, its consumers, and its calls.
 *
 * - `here`: entered with the connection; answers calls. Left by `bye`, `sendAway` or the loss of the connection.
 * - `gone`: its bus is closed; answers that come late are said to nobody.
 */
export class Guest {
  #mode: 'here' | 'gone' = 'here';
  readonly #bus: LosableBus;
  readonly #consumers = new Map<number, GuestConsumer>();
  #calls = 0;
  readonly #ignoreHealth: () => void;

  constructor(
    private readonly socket: WebSocket,
    private readonly served: Served,
    private readonly desk: StoreDesk,
  ) {
    this.#bus = served.connect();
    this.#ignoreHealth = this.#bus.onHealth((health) => this.#say({ kind: 'health', health }));
    this.#say({ kind: 'health', health: this.#bus.health() });
  }

  /** A frame has come. Errors: those of a frame that is none. */
  receive(bytes: Buffer): void {
    const { message, tail } = decodeFrame<FromGuest>(bytes);
    if (message.kind === 'settle')
      this.#consumers.get(message.consumer)?.settle(message.acked, message.givenBack);
    else void this.#call(message, tail);
  }

  /** The connection is lost: what the guest had in hand comes back, and is counted. */
  async lost(): Promise<void> {
    if (this.#leave()) await this.#bus.crash();
  }

  /** The host goes: what the guest has in hand comes back, and is not counted. */
  async sendAway(): Promise<void> {
    if (this.#leave()) await this.#bus.close();
    this.socket.close(1001);
  }

  #leave(): boolean {
    const wasHere = this.#mode === 'here';
    this.#mode = 'gone';
    this.#ignoreHealth();
    return wasHere;
  }

  async #call({ id, method, args }: FromGuest & { kind: 'call' }, tail: Uint8Array): Promise<void> {
    this.#calls += 1;
    if (this.#calls >= MOST_CALLS) this.socket.pause();
    try {
      const { value, bytes } = (await this.#answering(method)(args, tail)) ?? {};
      this.#say({ kind: 'answer', id, ...valueToWire(value) }, bytes === undefined ? [] : [bytes]);
    } catch (error) {
      this.#say({ kind: 'refusal', id, error: toWire(error) });
    }
    this.#calls -= 1;
    if (this.#calls < MOST_CALLS / 2) this.socket.resume();
  }

  #answering(method: string): Answering {
    const answering = this.#methods[method];
    if (answering !== undefined) return answering;
    throw new TypeError(`no guest can ask for ${method}`);
  }

  /** Every call may come a second time, when its first answer was lost with a connection. */
  readonly #methods: Readonly<Record<string, Answering>> = {
    publish: ([messages]) => this.#bus.publish((messages as readonly WireMessage[]).map(messageOf)),
    declareQueue: ([declaration]) => this.#bus.declareQueue(declaration as QueueDeclaration),
    bind: ([bindings]) => this.#bus.bind(bindings as readonly Binding[]),
    unbind: ([bindings]) => this.#bus.unbind(bindings as readonly Binding[]),
    depth: async ([queue]) => ({ value: await this.#bus.depth(String(queue)) }),
    consume: ([id, queue, prefetch]) => this.#consume(Number(id), String(queue), Number(prefetch)),
    pause: async ([id]) => (await this.#consumers.get(Number(id))?.bus)?.pause(),
    resume: async ([id, queue, prefetch]) => {
      await this.#consume(Number(id), String(queue), Number(prefetch));
      await (await this.#consumers.get(Number(id))?.bus)?.resume(Number(prefetch));
    },
    stop: async ([id, graceMs]) => {
      await (await this.#consumers.get(Number(id))?.bus)?.stop(Number(graceMs));
      this.#consumers.delete(Number(id));
    },
    store: async ([call]) => ({ value: await this.desk.answer(call as StoreCall) }),
    'claims.put': async ([contentType], tail) => ({
      value: await this.served.claims.put(tail, String(contentType)),
    }),
    'claims.get': async ([digest]) => {
      const found = await this.served.claims.get(String(digest));
      return found === undefined ? undefined : { value: found.contentType, bytes: found.bytes };
    },
    'claims.has': async ([digest]) => ({ value: await this.served.claims.has(String(digest)) }),
    bye: async () => {
      if (this.#leave()) await this.#bus.close();
    },
  };

  async #consume(id: number, queue: string, prefetch: number): Promise<void> {
    const consumer = this.#consumers.get(id) ?? this.#newConsumer(id);
    const handle = consumer.handle.bind(consumer);
    try {
      await consumer.begin(() => this.#bus.consume({ queue, prefetch, handle }));
    } catch (error) {
      this.#consumers.delete(id);
      throw error;
    }
  }

  #newConsumer(id: number): GuestConsumer {
    const consumer = new GuestConsumer((deliveries, envelopes) => {
      if (this.#mode === 'here') this.#say({ kind: 'deliver', consumer: id, deliveries }, envelopes);
    });
    this.#consumers.set(id, consumer);
    return consumer;
  }

  #say(message: FromHost, tails: readonly Uint8Array[] = []): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(encodeFrame(message, tails));
  }
}

function messageOf({ event, to, headers }: WireMessage): OutboundMessage {
  const decoded = decodeStructuredText(event);
  if (!decoded.ok) throw new TypeError(`a guest published what is no event: ${decoded.error.message}`);
  return { event: decoded.value, to, ...(headers === undefined ? {} : { headers }) };
}
