import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  styleProfile,
  styleProfiled,
  type CloudEvent,
  type JsonValue,
  type PaletteColour,
} from '@aura/contracts';
import { openEmbedded, type Embedded } from '@aura/embedded';
import type { Clock, Journal } from '@aura/kernel';
import type { ActionContext } from '@aura/workflow';
import { profileStyle, profileStyleInput } from '../actions/profile-style';
import { profileOf } from '../domain/profile';
import { onStyleProfiled } from './on-style-profiled';
import { ProfileJournal } from './profile-journal';

const NOW = Date.UTC(2025, 5, 1);
const clock: Clock = { now: () => NOW, monotonic: () => 0 };
const rust: PaletteColour = { hex: '#a94425', share: 1, name: 'rust' };
const navy: PaletteColour = { hex: '#1e2a4a', share: 1, name: 'navy' };

/** What is left of a value after it travelled as JSON. */
function asOnTheWire(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

describe('the history of a person', () => {
  let folder: string;
  let embedded: Embedded;
  let journal: Journal;
  let profiles: ProfileJournal;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aura-profiles-'));
    embedded = await openEmbedded({ path: join(folder, 'aura.db') });
    journal = embedded.journal('style-profile');
    profiles = new ProfileJournal(journal, clock);
  });

  afterEach(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function profiled(id: string, userId: string | undefined, colour: PaletteColour): CloudEvent {
    const data = { output: profileOf({ userId, palette: [colour] }, NOW) };
    const time = new Date(NOW).toISOString();
    return {
      specversion: '1.0',
      id,
      source: '/aura/style-profile',
      type: styleProfiled.type,
      time,
      data: asOnTheWire(data),
    };
  }

  it('has one row for each event, however often it comes', async () => {
    const { handle } = onStyleProfiled(profiles);
    for (const id of ['e1', 'e2', 'e1', 'e1', 'e2']) await handle(profiled(id, 'u-1', rust));
    expect(await journal.head('profile/u-1')).toBe(2);
    expect(await profiles.history('u-1')).toMatchObject({ images: 2, at: NOW, colours: [{ name: 'rust' }] });
  });

  it('tells events of the same id apart by their source', async () => {
    const { handle } = onStyleProfiled(profiles);
    await handle(profiled('e1', 'u-1', rust));
    await handle({ ...profiled('e1', 'u-1', rust), source: '/somebody/else' });
    expect(await journal.head('profile/u-1')).toBe(2);
  });

  it('loses nothing and doubles nothing when many writers race', async () => {
    const writers = Array.from({ length: 4 }, () => onStyleProfiled(new ProfileJournal(journal, clock)));
    const events = Array.from({ length: 6 }, (_, index) =>
      profiled(`e${index}`, 'u-1', index % 2 === 0 ? rust : navy),
    );
    await Promise.all(writers.flatMap(({ handle }) => events.map((event) => handle(event))));
    const rows = await journal.read('profile/u-1');
    expect(rows.flatMap(({ operations }) => operations).sort()).toEqual(
      events.map(({ source, id }) => JSON.stringify([source, id])),
    );
  });

  it('passes over strangers', async () => {
    await onStyleProfiled(profiles).handle(profiled('e1', undefined, rust));
    expect(await profiles.history('undefined')).toMatchObject({ images: 0 });
  });

  it('keeps people apart', async () => {
    await onStyleProfiled(profiles).handle(profiled('e1', 'u-1', rust));
    expect(await profiles.history('u-2')).toMatchObject({ images: 0, colours: [] });
  });

  it('tells nothing any more when the payload of its rows is gone', async () => {
    await journal.append([
      { stream: 'profile/u-1', seq: 1, at: NOW, operations: ['x'], body: '{"type":"profiled"}' },
    ]);
    expect(await profiles.history('u-1')).toMatchObject({ images: 0, colours: [], styles: [] });
  });

  it('refuses an event that holds no profile, for good', async () => {
    const event = { ...profiled('e1', 'u-1', rust), data: { output: { season: 'monsoon' } } };
    await expect(onStyleProfiled(profiles).handle(event)).rejects.toMatchObject({
      name: 'TerminalError',
      code: 'NOT_A_PROFILE',
      message: expect.stringContaining('e1'),
    });
  });

  describe('in the action profile-style', () => {
    const contextOf = (userId?: string): ActionContext => ({
      saga: 'saga-1',
      run: 1,
      step: 'profile',
      epoch: 1,
      attempt: 1,
      operation: 'saga-1/1/profile',
      randomness: { fraction: () => 0, bytes: (length) => new Uint8Array(length) },
      now: NOW,
      signal: new AbortController().signal,
      claims: embedded.claims,
      ...(userId === undefined ? {} : { userId }),
    });

    async function names(input: object, userId?: string): Promise<readonly string[]> {
      const { output } = await profileStyle(profiles).run(profileStyleInput.parse(input), contextOf(userId));
      expect(styleProfile.parse(output)).toEqual(output);
      return output.colours.map(({ name }) => name);
    }

    it('is blended with the palette of the moment, for the person it belongs to', async () => {
      await onStyleProfiled(profiles).handle(profiled('e1', 'u-1', rust));
      expect(await names({ palette: [navy], userId: 'u-1' })).toEqual(['navy', 'rust']);
      expect(await names({ palette: [navy], userId: 'u-2' })).toEqual(['navy']);
      expect(await names({ palette: [navy] })).toEqual(['navy']);
    });

    it('belongs to the person of the saga when the input names nobody', async () => {
      await onStyleProfiled(profiles).handle(profiled('e1', 'u-1', rust));
      expect(await names({ palette: [navy] }, 'u-1')).toEqual(['navy', 'rust']);
    });
  });
});
