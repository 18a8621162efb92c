import { sha256 } from '@noble/hashes/sha2';
import { toBase64 } from './base64';
import { healthSection } from './health-section';
import { markup, raw } from './markup';
import { pageScript } from './page-script';
import { pageStyle } from './page-style';
import type { ReportData } from './report-data';
import {
  chartsSection,
  figuresSection,
  samplesSection,
  settingsSection,
  statusSection,
} from './sections';

// Some compilers wrap functions so that they keep their names, by a helper that a page has not.
const script = `const __name = (f) => f;(${pageScript.toString()})();`;
const scriptHash = toBase64(sha256(script));

/** What a page of its content may do: nothing but what it brings, so that a name in the data cannot act. */
export function contentPolicy(live: boolean): string {
  const connect = live ? "; connect-src 'self'" : '';
  return (
    `default-src 'none'; img-src data:; style-src 'unsafe-inline'; ` +
    `script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'${connect}`
  );
}

/** The sections that change while a run goes on, by their ids. */
export function liveSections(data: ReportData): Record<string, string> {
  return {
    status: statusSection(data).html,
    figures: figuresSection(data).html,
    health: healthSection(data).html,
    charts: chartsSection(data).html,
  };
}

/**
 * A run as a page of HTML that needs nothing else: no network, no file.
 *
 * @param live the name of a run that goes on, if the page is served and hears of it
 */
export function reportPage(data: ReportData, live?: string): string {
  const { config } = data;
  const { name, size, image } = config.data;
  const sections = liveSections(data);
  const title = `${config.app}: ${name}`;
  return markup`<!doctype html>
<html lang="en"${live !== undefined && markup` data-live="${live}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(live !== undefined)}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(pageStyle)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${size.toLocaleString('en')} ${image ? `pictures of ${image.height}×${image.width}×${image.channels}` : 'examples'}</p>
<div id="status">${raw(sections['status']!)}</div>
<p id="connection" class="error" role="status" hidden>The run cannot be reached; it may have ended.</p>
</header>
<main>
<section id="figures" aria-label="Figures">${raw(sections['figures']!)}</section>
<h2>Health</h2>
<section id="health" aria-live="polite">${raw(sections['health']!)}</section>
<h2>Samples</h2>
<section>${samplesSection(data)}</section>
<h2>Curves</h2>
<section id="charts">${raw(sections['charts']!)}</section>
<h2>Details</h2>
<section id="settings">${settingsSection(data)}</section>
</main>
<footer class="quiet">Pale: the values of logged steps. Strong: smoothed. Samples are of the same latents and examples each time.</footer>
<script>${raw(script)}</script>
</body>
</html>
`.html;
}
