import { STRUCTURED_CONTENT_TYPE } from '@aura/contracts';
import { PayloadTooLargeError } from '@aura/kernel';
import { DEAD_LETTERS_QUEUE, type Destination, MAX_ENVELOPE_BYTES } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { encodeMessage } from './outbound';

describe('a message on its way out', () => {
  it('is persistent, mandatory and structured, with the id of its event', () => {
    const { options, body } = encodeMessage({ event: someEvent('e1'), to: [] });
    expect(options).toEqual({
      persistent: true,
      mandatory: true,
      contentType: STRUCTURED_CONTENT_TYPE,
      messageId: 'e1',
    });
    expect(JSON.parse(body.toString())).toEqual(someEvent('e1'));
  });

  it('goes without message id when the id is too long for AMQP', () => {
    const { options, body } = encodeMessage({ event: someEvent('é'.repeat(200)), to: [] });
    expect(options.messageId).toBeUndefined();
    expect(JSON.parse(body.toString()).id).toHaveLength(200);
  });

  it('is refused over 8 MiB', () => {
    const event = someEvent('big', { data: 'x'.repeat(MAX_ENVELOPE_BYTES) });
    const places: readonly Destination[] = [
      { kind: 'exchange', exchange: 'aura.events', key: 'k' },
      { kind: 'queue', queue: 'aura.nlu' },
      { kind: 'delay', queue: 'aura.nlu', delayMs: 100 },
    ];
    for (const to of places) expect(() => encodeMessage({ event, to: [to] })).toThrow(PayloadTooLargeError);
  });

  it('may be larger as a dead letter, so that it holds any envelope in base64', () => {
    const body = Buffer.alloc(MAX_ENVELOPE_BYTES, 255).toString('base64');
    const letter = { event: someEvent('dead', { data: { body } }), to: [] };
    const to = [{ kind: 'queue', queue: DEAD_LETTERS_QUEUE } as const];
    expect(encodeMessage({ ...letter, to }).body.length).toBeGreaterThan(MAX_ENVELOPE_BYTES);
    const shown = [...to, { kind: 'exchange', exchange: 'aura.events', key: 'k' } as const];
    expect(() => encodeMessage({ ...letter, to: shown })).toThrow(PayloadTooLargeError);
  });

  it('is refused with a key over 255 bytes', () => {
    const to = [{ kind: 'exchange', exchange: 'aura.events', key: 'k'.repeat(256) } as const];
    expect(() => encodeMessage({ event: someEvent('e'), to })).toThrow(/255 bytes/);
  });
});
