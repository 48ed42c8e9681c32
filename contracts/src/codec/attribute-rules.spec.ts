import { attributeRules } from './attribute-rules';
import { eventProblem } from './check-event';
import { leastEvent } from './testing/sample-event';

const good: Readonly<Record<string, readonly unknown[]>> = {
  specversion: ['1.0'],
  id: ['1', 'a/b c', '😀', ' '],
  source: [
    '/a',
    'a',
    'urn:x:y',
    'https://user:pass@example.com:8080/a;b=c/?d=/e?#f/g?',
    'http://[::1]:80/',
    'file:///etc/hosts',
    '//host',
    '/a:b',
    './a:b',
    '?a',
    '#a',
    'a%20b',
    'mailto:a@b.c',
    'x:',
    '/',
  ],
  type: ['com.example.thing', 'x'],
  time: [
    '2025-01-31T12:00:00Z',
    '2025-01-31T12:00:00.123456789+14:00',
    '2024-02-29T00:00:00Z',
    '2000-02-29T23:59:59-23:59',
    '1990-12-31T23:59:60Z',
    '1990-12-31T15:59:60-08:00',
    '2025-01-31t12:00:00z',
  ],
  subject: ['x', 'mynewfile.jpg'],
  datacontenttype: [
    'application/json',
    'text/plain; charset=utf-8',
    'text/plain;charset="a\\"b"',
    'application/vnd.a+json; a=b; c=d',
  ],
  dataschema: ['https://example.com/s.json', 'urn:a', 'https://example.com/s#/$defs/x'.replace('$', '%24')],
  aurarun: [1, 2147483647],
  auraepoch: [1],
  aurapartition: [0, 15],
  tracestate: ['', 'a=b'],
  dataref: ['sha256:0a', 'https://example.com/x'],
  myextension: ['', 'text', true, false, 0, -2147483648, 2147483647],
  anameofmorethantwentycharacters: ['x'],
};

const bad: Readonly<Record<string, readonly unknown[]>> = {
  specversion: ['1', '0.3', '1.0 ', 1, true],
  id: [
    '',
    1,
    'a\nb',
    '\u0000',
    '\u007f',
    '\u0085',
    '\ud800',
    'a\udc00b',
    '\ufffe',
    '\ufdd0',
    '\u{1ffff}',
    {},
  ],
  source: [
    '',
    1,
    'a b',
    '1:2',
    'ä',
    'a%2',
    'a%zz',
    'a#b#c',
    'http://[::1',
    'http://a:port/',
    'a\\b',
    '<a>',
    '//a@b@c',
    '::',
    'a'.repeat(65_537),
  ],
  type: ['', 7, 'a\tb'],
  time: [
    '',
    '2025-01-31',
    '2025-01-31 12:00:00Z',
    '2025-01-31T12:00:00',
    '2025-02-29T12:00:00Z',
    '1900-02-29T12:00:00Z',
    '2025-13-01T12:00:00Z',
    '2025-00-01T12:00:00Z',
    '2025-01-00T12:00:00Z',
    '2025-04-31T12:00:00Z',
    '2025-01-31T24:00:00Z',
    '2025-01-31T12:60:00Z',
    '2025-01-31T12:00:61Z',
    '2025-01-31T12:00:60Z',
    '2025-01-31T12:00:00+24:00',
    '2025-01-31T12:00:00+01:60',
    '2025-01-31T12:00:00.Z',
    'yesterday',
    1738324800000,
  ],
  subject: ['', 1, 'a\rb'],
  datacontenttype: ['', 'json', 'a/', '/b', 'a/b;', 'a/b; c', 'a b/c', 'a/b; c="', 1],
  dataschema: ['', 'relative/path', '/rooted', 'not a uri', 1],
  aurarun: [0, 1.5, '1', 2147483648, true],
  auraepoch: [0, '2'],
  aurapartition: [-1, 0.5],
  correlationid: ['', 1],
  sequence: [5, ''],
  tracestate: [1],
  dataref: ['', 'a b'],
  myextension: [1.5, 2147483648, -2147483649, Number.NaN, {}, [], 'a\u0001', '\udfff', 5n, Symbol('x')],
};

const cases = (table: Readonly<Record<string, readonly unknown[]>>) =>
  Object.entries(table).flatMap(([name, values]) =>
    values.map((value) => ({
      name,
      value,
      shown: typeof value === 'symbol' ? 'a symbol' : String(value).slice(0, 60),
    })),
  );

describe('attribute rules', () => {
  it.each(cases(good))('$name may be $shown', ({ name, value }) => {
    expect(eventProblem({ ...leastEvent, [name]: value })).toBeUndefined();
  });

  it.each(cases(bad))('$name must not be $shown', ({ name, value }) => {
    expect(eventProblem({ ...leastEvent, [name]: value })).toContain(`attribute "${name}"`);
  });

  it.each(['Subject', 'my_ext', 'my-ext', '', '__proto__', 'ä', 'data_base64', 'a.b'])(
    'no attribute is named %j',
    (name) => {
      const event = Object.fromEntries([...Object.entries(leastEvent), [name, 'x']]);
      expect(eventProblem(event)).toContain('is no attribute name');
    },
  );

  it.each(['specversion', 'id', 'source', 'type'])('%s is required, and null is not there', (name) => {
    const rest = Object.fromEntries(Object.entries(leastEvent).filter(([key]) => key !== name));
    expect(eventProblem(rest)).toBe(`the required attribute "${name}" is missing`);
    expect(eventProblem({ ...leastEvent, [name]: null })).toBe(`the required attribute "${name}" is missing`);
  });

  it('says the value, shortened when it is long', () => {
    expect(eventProblem({ ...leastEvent, time: 'x'.repeat(500) })).toBe(
      `attribute "time" must be a timestamp of RFC 3339 such as 2025-01-31T12:00:00Z; it is "${'x'.repeat(80)}…"`,
    );
    expect(eventProblem({ ...leastEvent, aurarun: 0 })).toContain('it is 0');
    expect(eventProblem({ ...leastEvent, aurarun: [] })).toContain('it is a value of type object');
  });

  it('leaves data alone', () => {
    expect(eventProblem({ ...leastEvent, data: { text: '\u0000\ud800' } })).toBeUndefined();
  });

  it.each([
    ['source', `//${'a'.repeat(65_000)} `],
    ['source', `${'a:'.repeat(32_000)}<`],
    ['datacontenttype', `a/b;${' '.repeat(65_000)}`],
    ['datacontenttype', `a/b${' ;a=b'.repeat(13_000)};`],
    ['time', `2025-01-31T12:00:00.${'1'.repeat(1_000_000)}`],
    ['source', 'a'.repeat(16_000_000)],
  ])('refuses a hostile %s in no time', (name, value) => {
    const before = process.cpuUsage();
    expect(attributeRules.get(name)?.(value)).toBeDefined();
    expect(process.cpuUsage(before).user).toBeLessThan(500_000);
  });
});
