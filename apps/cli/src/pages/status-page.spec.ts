import { recordedTerminal } from '../testing/recorded-terminal';
import type { SeenAura, SeenProcess } from '../up/observe';
import { statusPage } from './status-page';

const { terminal } = recordedTerminal();

const process = (more: Partial<SeenProcess>): SeenProcess => ({
  name: 'nlu',
  status: 'up',
  restarts: 0,
  isReady: true,
  lacks: [],
  ...more,
});

const aura = (more: Partial<SeenAura>): SeenAura => ({
  status: 'up',
  pid: 7,
  ground: 'embedded',
  processes: [],
  ...more,
});

describe('the page of a status', () => {
  it('says of each process how it stands, and what it lacks', () => {
    const page = statusPage(
      aura({
        url: 'http://127.0.0.1:1',
        version: '1.0.0',
        processes: [
          process({ pid: 8, url: 'http://127.0.0.1:2', version: '1.0.0' }),
          process({ name: 'style-profile', isReady: false, lacks: ['redis: no answer'] }),
          process({
            name: 'coordinator',
            status: 'waiting',
            isReady: false,
            restarts: 2,
            lastEnd: 'by SIGKILL',
          }),
          process({ name: 'odd', isReady: false, restarts: 1 }),
        ],
      }),
      terminal,
    ).join('\n');
    expect(page).toContain('Aura 1.0.0 is up at http://127.0.0.1:1 (process 7, embedded)');
    expect(page).toMatch(/nlu +ready +pid 8 +http:\/\/127\.0\.0\.1:2 +1\.0\.0/);
    expect(page).toMatch(/style-profile +not ready\n +redis: no answer/);
    expect(page).toMatch(/coordinator +waiting +started again 2 times, ended by SIGKILL/);
    expect(page).toContain('started again 1 times, ended for unknown reasons');
  });

  it('says who is missing, who needs it, and what the health says', () => {
    const participant = { version: '1.0.0', queue: 'q', actions: ['a', 'b'] };
    const seenAt = '2026-01-01T00:00:00.000Z';
    const page = statusPage(
      aura({
        participants: {
          participants: [
            {
              ...participant,
              participant: 'here',
              status: 'present',
              neededBy: [],
              instances: [{ instance: 'here@1', version: '1.0.0', status: 'present', seenAt }],
            },
            {
              ...participant,
              participant: 'gone',
              status: 'missing',
              neededBy: ['hello'],
              instances: [{ instance: 'gone@1', version: '1.0.0', status: 'missing', seenAt }],
            },
          ],
        },
        health: { status: 'degraded', reasons: ['gone is missing'] },
      } as unknown as Partial<SeenAura>),
      terminal,
    ).join('\n');
    expect(page).toContain('needed by hello');
    expect(page).toContain('✓ here@1');
    expect(page).toContain(`✗ missing, last heard ${seenAt} gone@1`);
    expect(page).toMatch(/degraded\n +gone is missing$/);
  });

  it('says what is not known', () => {
    const page = statusPage(aura({}), terminal).join('\n');
    expect(page).toContain('Aura of unknown version is up at an unknown address');
    expect(page).toContain('unknown: nobody answers');
    expect(page).toMatch(/nobody answers$/);
    const none = statusPage(aura({ participants: { participants: [], missing: [] } }), terminal).join('\n');
    expect(none).toContain('none has announced itself yet');
  });
});
