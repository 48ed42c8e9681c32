import { LRUCache } from 'lru-cache';
import { approximateBytes } from './approximate-bytes';
import { changesBetween } from './changes';
import type { Changes, GuardedDocument } from './changes';

/** Documents that change alike: they stand in the same version and get the same values. */
export interface AlikeWrite {
  readonly documents: readonly GuardedDocument[];
  readonly standing: number;
  readonly changes: Changes;
}

/** What the documents whose last write is remembered weigh at most, bytes; those of one collection. */
const REMEMBERED_BYTES = 32 * 1024 * 1024;

/**
 * Finds documents that one statement can write, as servers pay for an update by the statement: those that this process
 * wrote before, which stand in the same version and change alike. What is remembered may have been overtaken by
 * another writer; the version that the statement asks for tells.
 */
export class AlikeWrites {
  private readonly written = new LRUCache<string, GuardedDocument>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: approximateBytes,
  });

  /** These stand in the store now. */
  stand(documents: readonly GuardedDocument[]): void {
    for (const document of documents) this.written.set(document._id, document);
  }

  /** It is not known how these stand, or whether they are there. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.written.delete(id);
  }

  /** Parts documents into those that can be written together, and the others. */
  part(documents: readonly GuardedDocument[]): {
    readonly alike: readonly AlikeWrite[];
    readonly others: readonly GuardedDocument[];
  } {
    const groups = new Map<string, { readonly documents: GuardedDocument[] } & AlikeWrite>();
    const others: GuardedDocument[] = [];
    for (const document of documents) {
      const standing = this.written.get(document._id);
      const changes = standing && standing.v < document.v ? changesBetween(standing, document) : undefined;
      if (!standing || !changes) {
        others.push(document);
        continue;
      }
      const key = JSON.stringify([standing.v, changes]);
      const known = groups.get(key);
      if (known) known.documents.push(document);
      else groups.set(key, { documents: [document], standing: standing.v, changes });
    }
    const all = [...groups.values()];
    const alone = all.filter((group) => group.documents.length === 1);
    others.push(...alone.flatMap((group) => group.documents));
    return { alike: all.filter((group) => group.documents.length > 1), others };
  }
}
