import { build, type Metafile } from 'esbuild';
import { resolve } from 'node:path';

/** A bundle for a page, and what went into it. */
export interface BrowserBundle {
  /** A script that sets the global `Aura`. */
  readonly text: string;
  readonly inputs: Metafile['inputs'];
}

/** Bundles the client for browsers, as an application would; a module of Node in it is an error. */
export async function browserBundle(): Promise<BrowserBundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [resolve(__dirname, '../index.ts')],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    globalName: 'Aura',
    conditions: ['aura-source'],
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return { text: outputFiles.map(({ text }) => text).join('\n'), inputs: metafile.inputs };
}
