import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

type Names = Readonly<Record<string, string>>;

/** One place of a package-lock.json. */
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly peerDependencies?: Names;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Places of a package-lock.json, by path. */
export type LockedPlaces = Readonly<Record<string, Locked>>;

/** What a project outside asks for. */
export interface ProjectManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Names;
  readonly devDependencies: Names;
}

/**
 * The package-lock.json of a project outside, with the very versions that this workspace has installed: what npm has in its
 * cache is enough then, and no registry is asked. Of the workspace's packages it takes the tarballs. Errors: one that names a
 * package that nobody declares.
 */
export class ProjectLock {
  private readonly places: Record<string, unknown> = {};
  /** Folder of a workspace in this repository, and its place in the project. */
  private readonly moved: readonly (readonly [folder: string, place: string])[];

  constructor(
    private readonly workspace: LockedPlaces,
    private readonly tarballs: Names,
  ) {
    this.moved = Object.entries(workspace).flatMap(([place, { link, resolved }]) =>
      link === true && resolved !== undefined ? [[resolved, place] as const] : [],
    );
  }

  /** The lock as text. */
  of(manifest: ProjectManifest): string {
    const { name, version } = manifest;
    for (const wanted of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
      this.take(wanted, '', false);
    const packages = { '': manifest, ...this.places };
    return JSON.stringify({ name, version, lockfileVersion: 3, requires: true, packages });
  }

  private take(name: string, from: string, isOptional: boolean): void {
    const found = this.find(name, from);
    if (found === undefined && isOptional) return;
    if (found === undefined) throw new Error(`${from || 'the project'} needs ${name}, and no lock has it`);
    const place = this.placeOf(found);
    if (place in this.places) return;
    const locked = this.workspace[found] ?? {};
    this.places[place] = name.startsWith('@aura/') ? this.tarball(name, locked) : plain(locked);
    this.takeNeeds(locked, found);
  }

  private takeNeeds(locked: Locked, from: string): void {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = locked;
    const isPeerOptional = (name: string): boolean => locked.peerDependenciesMeta?.[name]?.optional === true;
    const peers = Object.keys(peerDependencies).filter((name) => !isPeerOptional(name));
    for (const name of [...Object.keys(dependencies), ...peers])
      this.take(name, from, name in optionalDependencies);
    for (const name of Object.keys(optionalDependencies)) this.take(name, from, true);
  }

  /** Where Node would look for it: beside, and in every folder above. A workspace stands where its link leads. */
  private find(name: string, from: string): string | undefined {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
      const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      const locked = folder.endsWith('node_modules') ? undefined : this.workspace[path];
      if (locked !== undefined) return locked.link === true ? locked.resolved : path;
      if (folder === '') return undefined;
    }
  }

  private placeOf(path: string): string {
    const [folder, place] =
      this.moved.find(([moved]) => path === moved || path.startsWith(`${moved}/`)) ?? [];
    return folder === undefined || place === undefined ? path : place + path.slice(folder.length);
  }

  private tarball(name: string, locked: Locked): object {
    const file = this.tarballs[name];
    if (file === undefined) throw new Error(`${name} was not packed`);
    const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    const { version, dependencies, peerDependencies, peerDependenciesMeta } = locked;
    return {
      ...{ version, resolved: `file:${file}`, integrity, dependencies },
      ...{ peerDependencies, peerDependenciesMeta },
    };
  }
}

/** Without the words that say who needs it in this repository. */
function plain(locked: Locked): object {
  const words = ['dev', 'peer', 'devOptional'];
  return Object.fromEntries(Object.entries(locked).filter(([word]) => !words.includes(word)));
}
