import * as z from 'zod';
import { personId } from '../person';
import { cents, currencyCode, outfitItem } from './garment';

/** What belongs together of a person's look: what is held for it, and where it is saved. Default: the id of the saga. */
export const reservationId = z.string().min(1).max(200);

/** Pieces of the catalogue with today's prices. */
export const pricedLook = z.object({
  /** Stands for the set of its items: the same items have the same id. */
  outfitId: z.string().min(1),
  items: z.array(outfitItem).min(1).max(12),
  totalCents: cents,
  currency: currencyCode,
});

/** Money of a person's account that was paid in, is held, given back or spent. */
export const accountMovement = z.object({
  userId: personId,
  /** Of what is held. */
  reservation: reservationId.optional(),
  amountCents: cents,
  /** Absent: the person has no account, and nothing was moved. */
  currency: currencyCode.optional(),
});

/** Pieces of stock that came in, are held, given back or sold. */
export const stockMovement = z.object({
  reservation: reservationId.optional(),
  items: z.array(z.object({ id: z.string().min(1), units: z.number().int().min(0) })).max(100),
});

/** An outfit that a person keeps, or kept, and what is held for it. */
export const savedOutfit = z.object({
  userId: personId,
  outfitId: z.string().min(1),
  reservation: reservationId,
  items: z.array(outfitItem).min(1).max(12),
});

export type PricedLook = z.infer<typeof pricedLook>;
export type AccountMovement = z.infer<typeof accountMovement>;
export type StockMovement = z.infer<typeof stockMovement>;
export type SavedOutfit = z.infer<typeof savedOutfit>;
