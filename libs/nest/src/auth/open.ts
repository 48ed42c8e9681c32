import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Open}. */
export const OPEN = 'aura:open';

/** Marks a controller or road that nobody has to be known for: health, what this is. */
export const Open = () => SetMetadata(OPEN, true);
