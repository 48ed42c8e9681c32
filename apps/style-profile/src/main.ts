import { runServiceProcess } from '@aura/nest';
import { styleProfileModule } from './module';
import { styleProfileSettings } from './settings';

void runServiceProcess({
  service: 'style-profile',
  module: styleProfileModule,
  settings: styleProfileSettings,
});
