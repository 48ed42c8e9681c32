import { DEAD_LETTERS_QUEUE, MAX_ENVELOPE_BYTES } from '@aura/messaging';
import type { ConsumeMessage } from 'amqplib';
import { decodeMessage } from './wire';

const fields = { deliveryTag: 1, redelivered: false, exchange: '', routingKey: 'q', consumerTag: 'c' };

function decoded(content: Buffer, properties: object, queue = 'q') {
  const message = { content, fields, properties } as unknown as ConsumeMessage;
  return decodeMessage(message, { queue, kind: 'work' })[0];
}

describe('a message of a stranger in binary mode', () => {
  const headers = {
    'cloudEvents:specversion': '1.0',
    'cloudEvents:id': '1',
    'cloudEvents:source': '/x',
    'cloudEvents:type': 'x.y',
  };
  const event = (more: object) =>
    decoded(Buffer.from('{}'), { contentType: 'application/json', headers: { ...headers, ...more } });

  it('may say its time as AMQP says times', () => {
    const time = { '!': 'timestamp', value: 1_769_860_800 };
    expect(event({ 'cloudEvents:time': time })).toMatchObject({
      ok: true,
      value: { time: '2026-01-31T12:00:00.000Z', data: {} },
    });
  });

  it.each([
    ['out of all bounds', { '!': 'timestamp', value: Number.MAX_SAFE_INTEGER }],
    ['without a value', { '!': 'timestamp' }],
    ['that is a decimal', { '!': 'decimal', value: { digits: 1, places: 1 } }],
    ['that is a table', { a: 1 }],
  ])('is refused with a time %s', (_what, time) => {
    expect(event({ 'cloudEvents:time': time })).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('must be a timestamp of RFC 3339') as string },
    });
  });
});

it('an envelope is too large for a queue, but a dead letter of the same size is read', () => {
  const large = Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id: '1',
      source: '/x',
      type: 'x',
      data: 'x'.repeat(MAX_ENVELOPE_BYTES),
    }),
  );
  expect(decoded(large, {})).toMatchObject({ ok: false, error: { code: 'TOO_LARGE' } });
  expect(decoded(large, {}, DEAD_LETTERS_QUEUE)).toMatchObject({ ok: true, value: { id: '1' } });
});

it.each(['tracker', 'crashed'] as const)(
  'an empty batch in a %s queue is one that cannot be decoded',
  (kind) => {
    const properties = { contentType: 'application/cloudevents-batch+json' };
    const message = { content: Buffer.from('[]'), fields, properties } as unknown as ConsumeMessage;
    expect(decodeMessage(message, { queue: 'q', kind })).toEqual([
      { ok: false, error: { code: 'UNDECODABLE', message: 'the batch has no events' } },
    ]);
  },
);
