export { type Frame, type FrameLimits, readFrames } from './lib/frames';
export { reportPage } from './lib/page';
export { readReportData, type ReportData, type RunState } from './lib/report-data';
export { reportSink } from './lib/report-sink';
export { runRecord, type RunRecord } from './lib/run-record';
