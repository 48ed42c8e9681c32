import { runServiceProcess } from '@aura/nest';
import { styleProfileModule } from './module';

void runServiceProcess({ service: 'style-profile', module: styleProfileModule });
