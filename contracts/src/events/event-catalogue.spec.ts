import * as z from 'zod';
import { eventType } from '../names';
import { defineEvent } from './define-event';
import * as definitionEvents from './definition-events';
import * as domainEvents from './domain-events';
import { eventCatalogue } from './event-catalogue';
import * as livenessEvents from './liveness-events';
import * as participantEvents from './participant-events';
import * as sagaEvents from './saga-events';
import * as stepEvents from './step-events';
import * as subSagaEvents from './sub-saga-events';
import * as transactionEvents from './transaction-events';
import * as wardrobeEvents from './wardrobe-events';

const exported = [
  definitionEvents,
  domainEvents,
  livenessEvents,
  participantEvents,
  sagaEvents,
  stepEvents,
  subSagaEvents,
  transactionEvents,
  wardrobeEvents,
].flatMap((module) =>
  Object.values(module).filter(
    (value) => typeof value === 'object' && 'description' in value && 'type' in value && 'data' in value,
  ),
);

describe('the catalogue of events', () => {
  it('holds every event that is defined, by its type', () => {
    expect(new Set(eventCatalogue.values())).toEqual(new Set(exported));
    expect(eventCatalogue.size).toBe(exported.length);
    for (const [type, definition] of eventCatalogue) expect(definition.type).toBe(type);
  });

  it.each([...eventCatalogue.keys()])('%s is a name of ours with a version at its end', (type) => {
    expect(eventType.safeParse(type).success).toBe(true);
    expect(type).toMatch(/^ai\.aura\.[a-z-]+\.[a-z-]+\.v\d+$/);
  });

  it.each([...eventCatalogue.values()])('$type says in a sentence what happened', ({ description }) => {
    expect(description).toMatch(/^[A-Z].+\.$/);
  });

  it('is made of plain definitions', () => {
    const data = z.object({ a: z.number() });
    expect(defineEvent('com.example.a.b.v1', 'It happened.', data)).toEqual({
      type: 'com.example.a.b.v1',
      description: 'It happened.',
      data,
    });
  });
});
