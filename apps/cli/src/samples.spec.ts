import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { imageTypeOf } from '@aura/client';
import { samplePicture, sampleWithDigest } from './samples';
import { scratch } from './testing/scratch';

const WORKFLOWS = resolve(__dirname, '../../../contracts/workflows');
const { folder } = scratch();

describe('the sample pictures', () => {
  it('are real JPEG files', () => {
    expect(imageTypeOf(readFileSync(samplePicture()))).toBe('image/jpeg');
  });

  it.each(readdirSync(WORKFLOWS).filter((name) => name.endsWith('.yaml')))(
    'hold the picture that the example of %s names',
    (name) => {
      const [digest] = readFileSync(join(WORKFLOWS, name), 'utf8').match(/sha256:[0-9a-f]{64}/) ?? [];
      expect(basename(sampleWithDigest(digest) ?? '')).toMatch(/\.jpg$/);
    },
  );

  it('are missed with a sentence', () => {
    expect(() => samplePicture(folder)).toThrow(`no sample picture is in ${folder}`);
    expect(sampleWithDigest('sha256:0', folder)).toBeUndefined();
  });
});
