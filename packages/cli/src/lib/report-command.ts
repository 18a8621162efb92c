import { readReportData, reportPage } from '@ganloom/report';
import { runNames } from '@ganloom/runs';
import { putText } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { EXIT } from './exit-code';
import { required } from './options';
import type { ProgramCommand } from './program';

/** The command `report`: makes `report.html` of a run folder anew, also of one that was killed. */
export function reportCommand(app: string): ProgramCommand<{ readonly run: string }> {
  return {
    name: 'report',
    description: 'make report.html of a run anew',
    options: [required('--run <folder>', 'run folder made by train')],
    run: async (settings) => {
      const run = diskStore(settings.run);
      await putText(run, runNames.report, reportPage(await readReportData(run, app)));
      console.log(`report: ${run.describe(runNames.report)}`);
      return EXIT.done;
    },
  };
}
