import { STRUCTURED_CONTENT_TYPE } from '@aura/contracts';
import { PayloadTooLargeError } from '@aura/kernel';
import { MAX_ENVELOPE_BYTES } from '@aura/messaging';
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
    expect(() => encodeMessage({ event, to: [] })).toThrow(PayloadTooLargeError);
  });

  it('is refused with a key over 255 bytes', () => {
    const to = [{ kind: 'exchange', exchange: 'aura.events', key: 'k'.repeat(256) } as const];
    expect(() => encodeMessage({ event: someEvent('e'), to })).toThrow(/255 bytes/);
  });
});
