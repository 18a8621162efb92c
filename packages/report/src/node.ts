export { LIVE_PORT, liveView, type LiveView } from './lib/live/live-view';
