export { type Frame, sampleFiles } from './lib/frames';
export { LIVE_PORT, liveView, type LiveView } from './lib/live/live-view';
export { reportPage } from './lib/page';
export { readReportData, type ReportData, type RunState } from './lib/report-data';
export { reportSink } from './lib/report-sink';
export { runRecord, type RunRecord } from './lib/run-record';
export { spreadOut } from './lib/spread-out';
