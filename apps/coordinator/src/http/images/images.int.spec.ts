import { request } from 'node:http';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { imageAccepted } from '@aura/contracts';
import { ask, problemOf } from '../testing/ask';
import { openRealDoor, type RealDoor } from '../testing/real-door';

const IMAGES = '/api/v1/images';
const LIMIT = 256 * 1024;
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);
const shell = promisify(execFile);

let door: RealDoor;
beforeAll(async () => {
  door = await openRealDoor({ settings: { imageBytes: LIMIT } });
});
afterAll(() => door.close());

function form(...files: readonly { readonly bytes: Uint8Array; readonly type: string }[]): RequestInit {
  const body = new FormData();
  body.append('note', 'from the wardrobe');
  files.forEach(({ bytes, type }, n) =>
    body.append('file', new Blob([new Uint8Array(bytes)], { type }), `p${n}.bin`),
  );
  return { method: 'POST', body };
}

function raw(bytes: Uint8Array, type: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(bytes) };
}

describe('a picture', () => {
  it('is kept the same, raw or as the file of a form, and comes back byte for byte', async () => {
    const answers = [
      await ask(door, IMAGES, raw(JPEG, 'image/jpeg')),
      await ask(door, IMAGES, form({ bytes: JPEG, type: 'image/jpeg' })),
      await ask(door, IMAGES, form({ bytes: JPEG, type: 'application/octet-stream' })),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const kept = answers.map(({ body }) => imageAccepted.parse(body));
    expect(new Set(kept.map(({ digest }) => digest)).size).toBe(1);
    expect(kept[1]).toMatchObject({ bytes: JPEG.length, contentType: 'image/jpeg' });
    const found = await door.runtime.claims.get(kept[0]?.digest ?? '');
    expect([...(found?.bytes ?? [])]).toEqual([...JPEG]);
  });

  it('is taken from curl', async () => {
    const line = `printf '\\377\\330\\377\\340' | curl -sS -F 'file=@-;type=image/jpeg' ${door.url}${IMAGES}`;
    const { stdout } = await shell('sh', ['-c', line]);
    expect(imageAccepted.parse(JSON.parse(stdout))).toMatchObject({ bytes: 4 });
  });

  it('may be as large as the limit, and not larger, raw or in a form', async () => {
    const large = new Uint8Array(LIMIT);
    large.set(JPEG);
    expect((await ask(door, IMAGES, form({ bytes: large, type: 'image/jpeg' }))).status).toBe(201);
    expect((await ask(door, IMAGES, raw(large, 'image/jpeg'))).status).toBe(201);
    const larger = new Uint8Array(LIMIT + 1);
    for (const init of [form({ bytes: larger, type: 'image/jpeg' }), raw(larger, 'image/jpeg')])
      expect(await problemOf(door, IMAGES, init)).toMatchObject({
        status: 413,
        code: 'PAYLOAD_TOO_LARGE',
        detail: expect.stringContaining(`${LIMIT / 1024} KiB`),
      });
  });

  it.each([
    ['a form without a file', form(), 400, 'INVALID_REQUEST'],
    ['an empty file', form({ bytes: new Uint8Array(), type: 'image/png' }), 400, 'INVALID_REQUEST'],
    [
      'two files',
      form({ bytes: JPEG, type: 'image/jpeg' }, { bytes: JPEG, type: 'image/jpeg' }),
      400,
      'INVALID_REQUEST',
    ],
    ['a file of another type', form({ bytes: JPEG, type: 'text/html' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a file of no type that is no picture',
      form({ bytes: new Uint8Array([1, 2]), type: 'application/octet-stream' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a form without a boundary', raw(JPEG, 'multipart/form-data'), 400, 'MALFORMED_FORM'],
    ['a form that is none', raw(JPEG, 'multipart/form-data; boundary=x'), 400, 'MALFORMED_FORM'],
    ['other bytes', raw(JPEG, 'application/zip'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['more fields than a form may bring', manyFields(), 400, 'INVALID_REQUEST'],
  ] as const)('is not %s', async (_name, init, ...[status, code]) => {
    expect(await problemOf(door, IMAGES, init)).toMatchObject({ status, code });
  });

  it('is not taken in a form that a page of another origin sends', async () => {
    const status = (origin: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const body = `--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\ncontent-type: image/jpeg\r\n\r\nx\r\n--b--\r\n`;
        const headers = { 'content-type': 'multipart/form-data; boundary=b', origin };
        request(door.url + IMAGES, { method: 'POST', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end(body);
      });
    expect(await status('https://evil.example')).toBe(403);
    expect(await status('null')).toBe(403);
    expect(await status(door.url)).toBe(201);
  });

  it('is not what a workflow is started with', async () => {
    const start = form({ bytes: JPEG, type: 'image/jpeg' });
    expect(await problemOf(door, '/api/v1/workflows/execute', start)).toMatchObject({ status: 415 });
  });
});

function manyFields(): RequestInit {
  const body = new FormData();
  for (let n = 0; n < 20; n += 1) body.append(`field${n}`, 'x');
  body.append('file', new Blob([JPEG], { type: 'image/jpeg' }), 'p.jpg');
  return { method: 'POST', body };
}
