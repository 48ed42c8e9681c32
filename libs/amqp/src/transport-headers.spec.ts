import { DELIVERY_LIMIT } from '@aura/messaging';
import { fromAmqpHeaders, returnsOf, toAmqpHeaders } from './transport-headers';

describe('transport headers', () => {
  it('come back as they were sent', () => {
    const headers = { attempt: 7, targets: ['a', 'b'], heldSince: 1_760_000_000_000, heldForMs: 750 };
    expect(fromAmqpHeaders(toAmqpHeaders(headers))).toEqual(headers);
  });

  it('are absent when nothing is said', () => {
    expect(toAmqpHeaders({})).toBeUndefined();
    expect(toAmqpHeaders(undefined)).toBeUndefined();
    expect(fromAmqpHeaders(undefined)).toEqual({});
  });

  it('leave foreign values of other types out', () => {
    const foreign = {
      'aura-attempt': 'three',
      'aura-targets': 'a',
      'aura-held-since': 1.5,
      'aura-held-for': '1',
      other: true,
    };
    expect(fromAmqpHeaders(foreign)).toEqual({});
  });

  it('name the queue where a delivery reached its limit, not the retry queue that it had waited in before', () => {
    const deaths = [
      { queue: 'svc', reason: 'delivery_limit', count: 1 },
      { queue: 'svc.retry.100', reason: 'expired', count: 3 },
    ];
    expect(fromAmqpHeaders({ 'x-death': deaths })).toEqual({
      crashed: { queue: 'svc', returns: DELIVERY_LIMIT + 1 },
    });
  });

  it.each([
    [[{ queue: 'svc.retry.100', reason: 'expired' }]],
    ['nonsense'],
    [[null]],
    [[{ reason: 'delivery_limit' }]],
  ])('see no crash in %j', (deaths) => {
    expect(fromAmqpHeaders({ 'x-death': deaths })).toEqual({});
  });

  it('count returns by the broker, or by the redelivered flag where it does not count', () => {
    expect(returnsOf({ 'x-delivery-count': 4 }, true)).toBe(4);
    expect(returnsOf({}, true)).toBe(1);
    expect(returnsOf(undefined, false)).toBe(0);
  });
});
