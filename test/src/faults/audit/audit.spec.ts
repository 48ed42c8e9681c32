import type { Told } from '../load-journal';
import { Audit } from './audit';
import type { Findings } from './audit';
import type { StoredRow } from './stored-row';

const EFFECTS = { hold: 2, take: 1 };
const STARTED: Told = { told: 'started', key: 'k', saga: 's', workflow: 'order' };

/** Rows of one stream, from the body and the operations of each. */
function rows(
  owner: string,
  stream: string,
  ...bodies: readonly (readonly [body: unknown, operations?: readonly string[]])[]
) {
  return bodies.map(([body, operations = []], n): StoredRow => ({
    owner,
    stream,
    seq: n + 1,
    operations,
    body: JSON.stringify(body),
  }));
}

const saga = (...entries: readonly object[]): readonly StoredRow[] =>
  rows('coordinator', 'saga/s', ...entries.map((entry) => [[entry]] as const));
const started = { kind: 'started', trigger: { source: '/shop', id: 'e' } };
const completed = { kind: 'ended', status: 'completed' };
const compensated = { kind: 'ended', status: 'compensated' };

/** One row of a resource with one operation. */
const change = (operation: string, amount: number): readonly [unknown, readonly string[]] => [
  { changes: { [operation]: amount } },
  [operation],
];
const HOLD = 'step/s/1/hold/0';
const paid = [
  ...rows('till', 'account/ada', change(HOLD, 3)),
  ...rows('till', 'account/shop', change('step/s/1/hold/1', -3)),
  ...rows('till', 'stock/hat', change('step/s/1/take/0', -1)),
];

function found(stored: readonly StoredRow[], told: readonly Told[] = [STARTED]): Findings {
  const audit = new Audit({ effectsOf: () => EFFECTS, conserved: ['account'] });
  stored.forEach((row) => audit.take(row));
  return audit.findings(told);
}

const NOTHING = { lost: [], doubled: [], halfDone: [] };

describe('an audit of what a load was told against what lies in the stores', () => {
  it('finds nothing where everything is as it must be', () => {
    const told: readonly Told[] = [
      STARTED,
      { told: 'confirmed', source: '/shop', id: 'e', saga: 's' },
      { told: 'ended', saga: 's', status: 'completed' },
    ];
    expect(found([...saga(started, completed), ...paid], told)).toEqual({
      ...{ sagas: 1, transactions: 0, standings: { completed: 1 } },
      ...NOTHING,
    });
  });

  it('takes a saga that waits for a person as it is', () => {
    const stopped = { kind: 'stopped', status: 'compensation_failed' };
    expect(found([...saga(started, stopped), ...paid])).toMatchObject({
      ...NOTHING,
      standings: { 'waits: compensation_failed': 1 },
    });
  });

  it('finds an undone saga right whose changes are reversed', () => {
    const reversed = [
      ...rows('till', 'account/ada', change(HOLD, 3), change(`${HOLD}/reverse`, -3)),
      ...rows('till', 'account/shop', change('step/s/1/hold/1', -3), change('step/s/1/hold/1/reverse', 3)),
    ];
    expect(found([...saga(started, compensated), ...reversed])).toMatchObject(NOTHING);
  });

  it.each([
    ['an acknowledged start without a journal', [], [STARTED], 'saga s was started and has no journal'],
    [
      'a confirmed event that started nothing',
      saga({ kind: 'started' }, compensated),
      [{ told: 'confirmed', source: '/shop', id: 'e', saga: 's' } as const],
      'saga s was not started by the confirmed event e',
    ],
    [
      'an end that was told and does not stand',
      saga(started, compensated),
      [{ told: 'ended', saga: 's', status: 'completed' } as const],
      'saga s was told as completed and stands as compensated',
    ],
  ])('finds lost: %s', (_what, stored, told, sentence) => {
    expect(found(stored, told).lost).toEqual([sentence]);
  });

  it.each<[string, readonly StoredRow[], readonly Told[], string]>([
    [
      'an operation that stands twice',
      [
        ...saga(started, { kind: 'stopped', status: 'suspended' }),
        ...rows('till', 'account/ada', change(HOLD, 3), change(HOLD, 3)),
      ],
      [],
      `till: account/ada has ${HOLD} twice`,
    ],
    [
      'a saga that ended twice',
      saga(started, compensated, compensated),
      [],
      'saga s ended more than once: compensated, compensated',
    ],
    [
      'a start that became two sagas',
      [
        ...saga(started, compensated),
        ...rows('coordinator', 'saga/t', [[{ kind: 'started' }]], [[compensated]]),
      ],
      [STARTED, { ...STARTED, saga: 't' }],
      'the saga of the start k is s and t',
    ],
    [
      'an event that started two sagas',
      [...saga(started, compensated), ...rows('coordinator', 'saga/t', [[started]], [[compensated]])],
      [],
      'the saga of the event /shop e is s and t',
    ],
    [
      'a saga that was told with two ends',
      saga(started, completed, compensated),
      [
        { told: 'ended', saga: 's', status: 'completed' },
        { told: 'ended', saga: 's', status: 'compensated' },
      ],
      'the end of saga s is completed and compensated',
    ],
  ])('finds doubled: %s', (_what, stored, told, sentence) => {
    expect(found(stored, told).doubled).toContain(sentence);
  });

  it.each<[string, readonly StoredRow[], string]>([
    ['a saga that neither ended nor waits', saga(started), 'saga s has neither ended nor waits for anybody'],
    [
      'a suspended saga that went on and did not end',
      saga(started, { kind: 'stopped', status: 'suspended' }, { kind: 'resumed', status: 'running' }),
      'saga s has neither ended nor waits for anybody',
    ],
    [
      'a completed saga without one of its effects',
      [...saga(started, completed), ...paid.slice(0, 2)],
      'saga s is completed, and of step take 0 changes stand, not 1',
    ],
    [
      'an undone saga with an effect that stands',
      [...saga(started, compensated), ...paid.slice(2)],
      'saga s is compensated, and of step take 1 changes stand, not 0',
    ],
    [
      'money that was made',
      [...saga(started, completed), ...paid.slice(1)],
      'all changes of account come to -3, not to 0',
    ],
    ['an effect of a saga that nobody knows', paid, 'saga s changed something and has no journal'],
    [
      'a reversal of what was never applied',
      [...saga(started, compensated), ...rows('till', 'stock/hat', change('step/s/1/take/0/reverse', 1))],
      'till: stock/hat reverses what is not there: step/s/1/take/0/reverse',
    ],
    [
      'a change that no step made',
      [...saga(started, compensated), ...rows('till', 'stock/hat', change('by-hand', 1))],
      'till: stock/hat has by-hand',
    ],
  ])('finds half done: %s', (_what, stored, sentence) => {
    expect(found(stored).halfDone).toContain(sentence);
  });

  describe('of transactions', () => {
    const PREPARED = 'step/s/1/all/1/hold/0';
    const ALL = 's/1/all/1';
    const held = { changes: {}, prepared: { [PREPARED]: { change: 3, transaction: ALL } } };
    const holds = [held, [`${PREPARED}/prepare`]] as const;
    const entries = (...kinds: readonly string[]) =>
      rows('coordinator', `tx/${ALL}`, [kinds.map((kind) => ({ kind }))]);
    const effects = (...bodies: readonly (readonly [unknown, readonly string[]])[]) => [
      ...rows('till', 'account/ada', ...bodies),
      ...rows('till', 'account/shop', change('step/s/1/all/1/hold/1', -3)),
      ...rows('till', 'stock/hat', change('step/s/1/all/1/take/0', -1)),
    ];

    it('finds nothing where a transaction is committed at every branch', () => {
      const stored = effects(holds, change(PREPARED, 3));
      const decided = entries('opened', 'voted', 'committed', 'acknowledged', 'finished');
      expect(found([...saga(started, completed), ...decided, ...stored])).toMatchObject({
        ...NOTHING,
        transactions: 1,
      });
    });

    it('finds nothing where what was held is released by the abort', () => {
      const release = [`${PREPARED}/reverse`, PREPARED];
      const decided = [...saga(started, compensated), ...entries('opened', 'aborted', 'finished')];
      const later = rows('till', 'account/ada', holds, [{ changes: {} }, release]);
      expect(found([...decided, ...later])).toMatchObject(NOTHING);
      const atOnce = rows('till', 'account/ada', [held, [`${PREPARED}/prepare`, ...release]]);
      expect(found([...decided, ...atOnce])).toMatchObject(NOTHING);
    });

    it.each([
      [['opened'], `transaction ${ALL} was never decided`],
      [['opened', 'committed', 'acknowledged'], `transaction ${ALL} is committed, and not at every branch`],
    ])('finds half done: one of which stands %j', (kinds, sentence) => {
      const stored = [...saga(started, completed), ...effects(change(PREPARED, 3)), ...entries(...kinds)];
      expect(found(stored).halfDone).toEqual([sentence]);
    });

    it('finds half done: what is still held, and a branch that alone is applied', () => {
      const stored = rows('till', 'account/ada', holds);
      const taken = rows('till', 'stock/hat', change('step/s/1/all/1/take/0', -1));
      const decided = entries('opened', 'aborted', 'finished');
      expect(found([...saga(started, compensated), ...decided, ...stored, ...taken]).halfDone).toEqual([
        'saga s is compensated, and of step take 1 changes stand, not 0',
        `till: account/ada ${PREPARED} is held by transaction ${ALL}`,
      ]);
    });

    it('finds doubled: one that was decided twice', () => {
      const stored = [...saga(started, completed), ...effects(change(PREPARED, 3))];
      const decided = entries('opened', 'committed', 'aborted', 'finished');
      expect(found([...stored, ...decided]).doubled).toEqual([
        `transaction ${ALL} was decided more than once: committed, aborted`,
      ]);
    });
  });

  it('finds a gap in a journal', () => {
    const [first, last] = saga(started, compensated);
    const later = last === undefined ? [] : [{ ...last, seq: 3 }];
    expect(found([...(first === undefined ? [] : [first]), ...later]).doubled).toEqual([
      'saga s has a gap in its journal: 1-3',
    ]);
  });
});
