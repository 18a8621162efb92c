import { createHash } from 'node:crypto';
import { Window } from 'happy-dom';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tinyReport } from '../../test/tiny-report';
import { reportPage } from './page';
import { pageScript } from './page-script';
import type { ReportData } from './report-data';
import { frameData } from './sections';

describe('the page', () => {
  it('needs nothing from elsewhere, and allows nothing', () => {
    const html = reportPage(tinyReport());
    const uses = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, url]) => url!);
    expect(uses.length).toBeGreaterThan(1);
    for (const url of uses) expect(url).toMatch(/^data:/);
    expect(html).not.toMatch(/url\(|@import/);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).not.toContain('connect-src');
    // The hash that lets the page's own script run is that of what stands there.
    const script = /<script>([\s\S]*)<\/script>/.exec(html)![1]!;
    const hash = createHash('sha256').update(script).digest('base64');
    expect(policy).toContain(`script-src &#39;sha256-${hash}&#39;`);
  });

  it('shows names as text', () => {
    const html = reportPage(tinyReport());
    expect(html).not.toContain('<img src=x>');
    expect(html).not.toContain('<script>alert');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
  });

  it('has each sample grid once', () => {
    const report = tinyReport();
    const html = reportPage(report);
    expect(report.frames.length).toBeGreaterThan(1);
    for (const { png } of report.frames) {
      expect(html.split(Buffer.from(png).toString('base64'))).toHaveLength(2);
    }
  });

  it('says how many sample grids are left out, and where they are', () => {
    const text = (more: Partial<ReportData>) =>
      openPage(tinyReport(more)).document.body.textContent!.replaceAll(/\s+/g, ' ');
    expect(text({ frameCount: 41 })).toContain(
      '38 of 41 sample grids are left out, so that this page stays small. All are in the folder samples of the run.',
    );
    expect(text({ frameCount: 3 })).not.toContain('grids are left out');
    expect(text({})).not.toContain('grids are left out');
  });

  it('says state, figures, settings and verdicts', () => {
    const verdicts = [
      { name: 'oscillation', step: 5, lastStep: 9, message: 'the losses oscillate' },
    ];
    const text = (more: Partial<ReportData>) => {
      const { document } = openPage(tinyReport(more));
      return (id: string) =>
        document.getElementById(id)!.textContent!.replaceAll(/\s+/g, ' ').trim();
    };
    const running = text({ verdicts });
    expect(running('status')).toBe('running step 20 of 40');
    expect(running('figures')).toContain('2.0 s 10 steps/s');
    expect(running('figures')).toContain('80 pictures/s');
    expect(running('health')).toMatch(/^oscillation steps 5–9the losses oscillate Not checked: /);
    expect(running('settings')).toContain('learning rate0.01');
    const failed = text({ state: 'failed', error: 'disk on fire' });
    expect(failed('status')).toBe('failed step 20 of 40 disk on fire');
    expect(failed('health')).toContain('Nothing looks wrong');
    expect(text({ rows: [], frames: [] })('health')).toContain('Nothing is known');
  });
});

/** Opens a page as a browser does, and runs its script. */
function openPage(data: ReportData, live?: string) {
  const window = new Window({ url: 'http://127.0.0.1/' });
  window.document.write(reportPage(data, live));
  const { document } = window;
  const heard: Record<string, (event: { data: string }) => void> = {};
  const stream = { url: '', closed: false };
  class Events {
    constructor(url: string) {
      stream.url = url;
    }
    addEventListener(name: string, listener: (event: { data: string }) => void) {
      heard[name] = listener;
    }
    close() {
      stream.closed = true;
    }
  }
  vi.stubGlobal('document', document);
  vi.stubGlobal('Element', window.Element);
  vi.stubGlobal('EventSource', Events);
  pageScript();
  const one = <T = HTMLElement>(selector: string) =>
    document.querySelector(selector) as unknown as T;
  const press = (key: string, selector: string) =>
    document
      .querySelector(selector)!
      .dispatchEvent(new window.KeyboardEvent('keydown', { key, bubbles: true }));
  const readings = () =>
    [...document.querySelectorAll('.chart output')]
      .slice(0, 2)
      .map(({ textContent }) => textContent);
  return { window, document, one, press, readings, heard, stream };
}

describe('the script', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('moves through the samples, the newest first', () => {
    vi.useFakeTimers();
    const { window, one } = openPage(tinyReport());
    const slider = one<HTMLInputElement>('#samples input');
    const step = () => one('#samples output').textContent;
    expect([slider.max, slider.value, slider.hidden, step()]).toEqual(['2', '2', false, 'step 20']);
    slider.value = '1';
    slider.dispatchEvent(new window.Event('input') as unknown as Event);
    expect(step()).toBe('step 10');
    expect(one<HTMLImageElement>('#samples img').src).toBe('data:image/png;base64,Cg==');
    one('#samples button').click();
    expect(step()).toBe('step 20');
    vi.advanceTimersByTime(300);
    one('#samples button').click();
    expect(step()).toBe('step 5');
    vi.advanceTimersByTime(250);
    expect(step()).toBe('step 10');
    one('#samples button').click();
    vi.advanceTimersByTime(1000);
    expect(step()).toBe('step 10');
  });

  it('hides what there is nothing to show of', () => {
    expect(openPage(tinyReport({ frames: [] })).one('#samples').hidden).toBe(true);
    const single = openPage(tinyReport({ frames: tinyReport().frames.slice(0, 1) }));
    expect(single.one('#samples').hidden).toBe(false);
    expect(single.one('#samples input').hidden).toBe(true);
  });

  it('reads curves by the keyboard', () => {
    const { one, press, readings } = openPage(tinyReport());
    expect(readings()).toEqual(['3.9', '1']);
    press('ArrowLeft', '.chart');
    press('ArrowLeft', '.chart');
    expect(readings()).toEqual(['3.7', '1']);
    expect(one('.chart .at').textContent).toBe('step 18');
    expect(one('.chart .cursor').hidden).toBe(false);
    press('Home', '.chart');
    expect(one('.chart .at').textContent).toBe('step 1');
    press('ArrowLeft', '.chart');
    expect(readings()).toEqual(['2', '1']);
    press('Escape', '.chart');
    expect([...readings(), one('.chart .at').textContent]).toEqual(['3.9', '1', '']);
    expect(one('.chart .cursor').hidden).toBe(true);
  });

  it('listens to a run that goes on, and to no other', () => {
    expect(openPage(tinyReport()).stream.url).toBe('');
    const { one, press, heard, stream } = openPage(tinyReport(), 'name');
    expect(stream.url).toBe('/events?run=name&after=20');
    heard['sections']!({ data: JSON.stringify({ health: '<b>new</b>', unknown: '' }) });
    expect(one('#health').innerHTML).toBe('<b>new</b>');

    const frame = (step: number) => ({
      data: JSON.stringify(frameData({ step, png: Uint8Array.of(step) })),
    });
    const step = () => one('#samples output').textContent;
    heard['frame']!(frame(30));
    expect(step()).toBe('step 30');
    // Who looks at an older one is left in peace.
    one<HTMLInputElement>('#samples input').value = '0';
    heard['frame']!(frame(40));
    heard['frame']!(frame(40));
    expect([one<HTMLInputElement>('#samples input').max, step()]).toEqual(['4', 'step 30']);

    expect(one('#connection').hidden).toBe(true);
    heard['error']!({ data: '' });
    expect(one('#connection').hidden).toBe(false);
    heard['open']!({ data: '' });
    expect(one('#connection').hidden).toBe(true);
    press('ArrowLeft', '.chart');
    heard['end']!({ data: '' });
    expect(stream.closed).toBe(true);
  });
});
