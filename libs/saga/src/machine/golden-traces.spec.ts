import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STORIES, traceOf } from '../testing';

const isRewriting = process.env['AURA_REWRITE'] === '1';

describe('the decisions of a saga, in full', () => {
  it.each(Object.entries(STORIES))('%s', (name, story) => {
    const trace = traceOf(story());
    const file = join(__dirname, 'testdata', `${name}.txt`);
    if (isRewriting) writeFileSync(file, trace);
    expect(existsSync(file)).toBe(true);
    expect(trace).toBe(readFileSync(file, 'utf8'));
  });
});
