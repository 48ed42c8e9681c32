import type { AuraClient } from '@aura/client';
import { untilActive } from '../e2e/installation';
import { publishOnceOffered } from '../e2e/publish-once-offered';
import { LOAD_DEFINITION, ORDER } from './load-definition';
import { ANALYSIS, LOOK_CUSTOMER, LOOK_PIECES, RESERVATIONS } from './shipped-workflows';

/** A picture of 16 by 16 pixels, half red, half blue: what is tried here is not how long it takes to look at one. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAMAAAAoLQ9TAAAABlBMVEXMHy0kWbWck1+SAAAACXBIWXMAAAsTAAALEwEAmpwYAAAAEklEQVQYlWNggAJGKIDxR6gAAEMQAIHAHaG9AAAAAElFTkSuQmCC',
  'base64',
);

/** More than a load can spend. */
const MONEY = { amountCents: 1_000_000_000, currency: 'EUR' };
const UNITS = 50_000;

/**
 * Publishes what a load starts, waits until it is active, gives the customer money and the wardrobe pieces, and uploads the
 * picture; answers its digest.
 */
export async function prepareLoad(client: AuraClient): Promise<string> {
  await publishOnceOffered(client, JSON.stringify(LOAD_DEFINITION), 'faults.json');
  await untilActive(client, [ORDER, ANALYSIS, ...RESERVATIONS, 'fund_account', 'stock_wardrobe']);
  const funded = await client.start('fund_account', { userId: LOOK_CUSTOMER, ...MONEY });
  await funded.completed();
  const items = Object.values(LOOK_PIECES)
    .flat()
    .map((id) => ({ id, units: UNITS }));
  const stocked = await client.start('stock_wardrobe', { items });
  await stocked.completed();
  return (await client.uploadImage(PICTURE, 'image/png')).digest;
}
