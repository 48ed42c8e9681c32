import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { imageTypeOf } from '@aura/client';
import { samplePicture, sampleWithDigest } from './samples';
import { scratch } from './testing/scratch';

const WORKFLOWS = resolve(__dirname, '../../../contracts/workflows');
const { folder } = scratch();

/** Workflows whose example names a picture, with its digest. */
function examplesWithPicture(): readonly (readonly [string, string])[] {
  return readdirSync(WORKFLOWS)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const [digest] = readFileSync(join(WORKFLOWS, name), 'utf8').match(/sha256:[0-9a-f]{64}/) ?? [];
      return digest === undefined ? [] : [[name, digest] as const];
    });
}

describe('the sample pictures', () => {
  it('are real JPEG files', () => {
    expect(imageTypeOf(readFileSync(samplePicture()))).toBe('image/jpeg');
  });

  it.each(examplesWithPicture())('hold the picture that the example of %s names', (_name, digest) => {
    expect(basename(sampleWithDigest(digest) ?? '')).toMatch(/\.jpg$/);
  });

  it('are asked for by the workflows that look at pictures', () => {
    const names = examplesWithPicture().map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['complete_fashion_analysis.yaml', 'quick_style_assessment.yaml']),
    );
  });

  it('are missed with a sentence', () => {
    expect(() => samplePicture(folder)).toThrow(`no sample picture is in ${folder}`);
    expect(sampleWithDigest('sha256:0', folder)).toBeUndefined();
  });
});
