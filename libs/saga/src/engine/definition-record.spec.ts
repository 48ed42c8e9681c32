import { testPlan } from '../testing';
import { evolveDefinition, foldDefinition, waitsFor } from './definition-record';

it('a definition folds from its journal, each participant counted once', () => {
  const { plan } = testPlan([{ id: 'a' }, { id: 'b' }]);
  const actor = { subject: 'tester', roles: [] };
  const entries = [
    { kind: 'published', plan, text: '…', file: 'x.yaml', actor },
    { kind: 'bound', participant: 'a-service' },
    { kind: 'bound', participant: 'a-service' },
  ];
  const rows = entries.map((entry, n) => ({
    stream: 'definition/test_flow@1.0.0',
    seq: n + 1,
    at: n,
    operations: [],
    body: JSON.stringify(entry),
  }));
  const record = foldDefinition(rows);
  expect(record).toMatchObject({ seq: 3, status: 'publishing', bound: ['a-service'], publishedAt: 0 });
  expect(record && waitsFor(record)).toEqual(['b-service']);
  expect(foldDefinition([])).toBeUndefined();
});

it('a definition begins with its publication', () => {
  expect(() => evolveDefinition(undefined, { kind: 'activated' }, { seq: 1, at: 0 })).toThrow(
    "a definition's journal begins with activated, not with published",
  );
});
