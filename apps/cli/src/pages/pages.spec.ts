import { recordedTerminal } from '../testing/recorded-terminal';
import { analysis, at, saga, step } from '../testing/sagas';
import { durationText, elapsed } from './duration';
import { fashionPage } from './fashion-page';
import { sagaPage } from './saga-page';
import { nameWidth, stepLine } from './step-line';
import { timeline } from './timeline';
import { undoLines } from './undo-lines';

const plain = recordedTerminal().terminal;
const coloured = recordedTerminal({ FORCE_COLOR: '1' }).terminal;

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_949, '59.9 s'],
    [125_000, '2 min 5 s'],
  ])('writes %i ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it('are never negative, and unknown where a time is missing', () => {
    expect(elapsed(at(10), at(5))).toBe(0);
    expect(elapsed(at(10), undefined)).toBeUndefined();
  });
});

describe('the line of a step', () => {
  it.each([
    ['completed', {}, '  ✓ say completed      40 ms'],
    ['completed', { byFallback: true }, '  ✓ say completed*     40 ms'],
    ['skipped', { startedAt: undefined }, '  – say skipped'],
    ['waiting', { startedAt: undefined, endedAt: undefined }, '  · say waiting'],
    ['triggered', { endedAt: undefined, attempts: 2 }, '  › say triggered            2 attempts'],
  ] as const)('shows one that is %s', (status, more, line) => {
    const shown = JSON.parse(JSON.stringify({ ...step('say'), status, ...more }));
    expect(stepLine(shown, nameWidth([shown]), plain).replace(/ {2,}(?=2 att)/, '            ')).toBe(line);
  });
});

describe('a timeline', () => {
  it('draws each step where it ran', () => {
    const steps = [
      step('a', { startedAt: at(0), endedAt: at(500) }),
      step('b', { startedAt: at(500), endedAt: at(1000) }),
      step('c', { startedAt: at(1000), endedAt: at(1000) }),
    ];
    const never = JSON.parse(JSON.stringify({ ...step('d', { status: 'skipped' }), startedAt: undefined }));
    const lines = timeline(saga({ durationMs: 1000, steps: [...steps, never] }), plain);
    expect(lines).toEqual([
      `  a  ${'█'.repeat(20)}${' '.repeat(20)}  500 ms`,
      `  b  ${' '.repeat(20)}${'█'.repeat(20)}  500 ms`,
      `  c  ${' '.repeat(39)}█  0 ms`,
      '  d  skipped',
    ]);
  });

  it('bears a saga of no length', () => {
    expect(timeline(saga({ durationMs: 0, steps: [step('a', { endedAt: at(0) })] }), plain)[0]).toContain(
      '█',
    );
  });
});

describe('the page of a saga', () => {
  it('tells run, error, and what is still applied', () => {
    const error = { kind: 'technical' as const, code: 'E', message: 'broke' };
    const page = sagaPage(saga({ run: 2, status: 'compensation_failed', error, applied: ['say'] }), plain);
    expect(page).toContain('workflow  greet 1.0.0, run 2');
    expect(page).toContain('stopped: broke (E)');
    expect(page).toContain('still applied: say');
    expect(page).toContain(`ended     ${at(1234)} (1.2 s)`);
  });

  it('names its parent, and under a step the sub-sagas that perform it', () => {
    const parent = { saga: 's-0', run: 1, step: 'stay', iteration: 2 };
    const page = sagaPage(saga({ parent, steps: [step('say', { subSagas: ['s-2', 's-3'] })] }), plain);
    expect(page).toContain('parent    s-0, step stay');
    expect(page.slice(page.indexOf('steps') + 2, page.indexOf('output'))).toEqual([
      '      sub-saga s-2',
      '      sub-saga s-3',
    ]);
  });
});

describe('what could not be handled', () => {
  const dead = step('say', { status: 'failed', deadLetterId: "dead/q/a b'c" });

  it('is named below its step, with the command that says more of it', () => {
    expect(sagaPage(saga({ steps: [dead] }), plain)).toContain(
      "      dead letter, see aura why 'dead/q/a b'\\''c'",
    );
  });

  it('is named beside the undo that failed of it', () => {
    const undo = { step: 'pay', action: 'pay', participant: 'bank', mode: 'undo', run: 1, epoch: 1 } as const;
    const plan = { sagaId: 's', status: 'compensation_failed', begun: true } as const;
    const error = { kind: 'technical', code: 'E', message: 'broke' } as const;
    const failed = { ...undo, status: 'failed', error, deadLetterId: 'dead/q/1' } as const;
    expect(undoLines({ ...plan, steps: [{ ...failed, after: [] }] }).at(-1)).toBe(
      "  pay  failed    undo at bank: broke (E); dead letter, see aura why 'dead/q/1'",
    );
  });
});

describe('the page of an analysis', () => {
  it('has swatches where there are colours, and none elsewhere', () => {
    expect(fashionPage(analysis, coloured)?.join('\n')).toContain('\u001b[48;2;31;58;95m  \u001b[0m #1f3a5f');
    expect(fashionPage(analysis, plain)?.join('\n')).not.toContain('\u001b');
  });

  it('says so when nothing was found, and how many are not shown', () => {
    const [outfit] = analysis.outfits;
    const many = {
      ...analysis,
      outfits: Array.from({ length: 7 }, () => ({ ...outfit })),
      recommendations: [],
    };
    const page = fashionPage(JSON.parse(JSON.stringify(many)), plain);
    expect(page).toContain('  … and 2 more');
    expect(page?.slice(-2)).toEqual(['Recommendations', '  none']);
    const emptyBecause = 'Nothing fits because of one wish: no black.';
    const told = fashionPage(JSON.parse(JSON.stringify({ ...many, emptyBecause })), plain);
    expect(told?.slice(-2)).toEqual(['  none', `     ${emptyBecause}`]);
  });

  it('shows what a shorter workflow brings', () => {
    const { palette, profile } = analysis;
    expect(fashionPage({ palette, profile }, plain)?.filter((line) => !line.startsWith(' '))).toEqual([
      'Palette',
      'Profile',
    ]);
  });

  it('is none for another output', () => {
    expect(fashionPage({ greeting: 'hello' }, plain)).toBeUndefined();
    expect(fashionPage(undefined, plain)).toBeUndefined();
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0', NO_COLOR: '1' }, false],
  ])('with a terminal %s and %j are %s', (isTTY, env, hasColour) => {
    expect(recordedTerminal(env, isTTY).terminal.hasColour).toBe(hasColour);
  });
});
