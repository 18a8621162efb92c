import { checkInChromium } from './check-in-chromium';

checkInChromium('webgl');
