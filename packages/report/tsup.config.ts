import { libraryWithNode } from '@ganloom/config/tsup';

export default libraryWithNode('@ganloom/report');
