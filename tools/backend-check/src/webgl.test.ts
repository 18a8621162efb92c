import { checkInChromium } from './check-in-chromium';

checkInChromium('webgl', 'page.ts');
