/** A frame of the samples. */
interface ShownFrame {
  readonly step: number;
  readonly src: string;
}

/**
 * What a report does in the browser: moves through the samples, reads curves, and takes news of a run
 * that goes on. It is put into the page as its own text, so it uses nothing from outside itself.
 */
export function pageScript(): void {
  const all = <T extends Element>(selector: string) => [...document.querySelectorAll<T>(selector)];
  const samples = document.querySelector<HTMLElement>('#samples')!;
  const picture = samples.querySelector('img')!;
  const slider = samples.querySelector('input')!;
  const play = samples.querySelector('button')!;
  const embedded = JSON.parse(document.querySelector('#frames')!.textContent) as {
    readonly step: number;
    readonly src?: string;
  }[];
  // The last one is in the page once, as the picture that is shown.
  const frames: ShownFrame[] = embedded.map(({ step, src = picture.src }) => ({ step, src }));
  let playing: ReturnType<typeof setInterval> | undefined;

  const show = (index: number) => {
    const frame = frames[index];
    if (!frame) return;
    slider.value = String(index);
    picture.src = frame.src;
    picture.alt = `samples after step ${frame.step}`;
    samples.querySelector('output')!.textContent = `step ${frame.step.toLocaleString('en')}`;
    slider.setAttribute('aria-valuetext', `step ${frame.step}`);
  };
  const stop = () => {
    clearInterval(playing);
    playing = undefined;
    play.textContent = 'Play';
  };
  const layOut = () => {
    samples.hidden = frames.length === 0;
    slider.max = String(frames.length - 1);
    slider.hidden = play.hidden = frames.length < 2;
  };
  slider.addEventListener('input', () => {
    stop();
    show(Number(slider.value));
  });
  play.addEventListener('click', () => {
    if (playing !== undefined) return stop();
    play.textContent = 'Stop';
    let next = Number(slider.value) + 1;
    if (next >= frames.length) next = 0;
    show(next);
    playing = setInterval(() => {
      next++;
      if (next >= frames.length) stop();
      else show(next);
    }, 250);
  });
  layOut();
  show(frames.length - 1);

  // The step that is read off all curves at once.
  let reading: number | undefined;
  const figures = (value: number) => String(Number(value.toPrecision(3)));
  const read = (step: number | undefined) => {
    reading = step;
    for (const chart of all<HTMLElement>('.chart')) {
      const [first, last] = chart.dataset['range']!.split(' ').map(Number) as [number, number];
      const data = JSON.parse(chart.dataset['chart']!) as { steps: number[]; values: number[] }[];
      const outputs = chart.querySelectorAll('output');
      let nearest: number | undefined;
      data.forEach(({ steps, values }, i) => {
        let best = steps.length - 1;
        if (step !== undefined) {
          for (let k = steps.length - 1; k >= 0; k--) {
            if (Math.abs(steps[k]! - step) < Math.abs(steps[best]! - step)) best = k;
          }
        }
        if (best < 0) return;
        if (nearest === undefined) nearest = steps[best];
        outputs[i]!.textContent = figures(values[best]!);
      });
      const cursor = chart.querySelector<HTMLElement>('.cursor')!;
      cursor.hidden = step === undefined || step < first || step > last;
      if (step !== undefined) cursor.style.left = `${(100 * (step - first)) / (last - first)}%`;
      chart.querySelector('.at')!.textContent =
        step === undefined || nearest === undefined ? '' : `step ${nearest.toLocaleString('en')}`;
    }
  };
  const chartOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLElement>('.chart') : null;
  document.addEventListener('pointermove', (event) => {
    const plot = event.target instanceof Element && event.target.closest('.plot');
    const chart = chartOf(event.target);
    if (!plot || !chart) {
      if (reading !== undefined && !chartOf(document.activeElement)) read(undefined);
      return;
    }
    const { left, width } = plot.getBoundingClientRect();
    const [first, last] = chart.dataset['range']!.split(' ').map(Number) as [number, number];
    read(first + Math.min(1, Math.max(0, (event.clientX - left) / width)) * (last - first));
  });
  document.addEventListener('keydown', (event) => {
    const chart = chartOf(event.target);
    if (!chart) return;
    if (event.key === 'Escape') return read(undefined);
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const [{ steps } = { steps: [] }] = JSON.parse(chart.dataset['chart']!) as {
      steps: number[];
    }[];
    let now = steps.length - 1;
    if (reading !== undefined) {
      const step = reading;
      now = steps.reduce(
        (best, one, i) => (Math.abs(one - step) < Math.abs(steps[best]! - step) ? i : best),
        0,
      );
    }
    read(steps[Math.min(steps.length - 1, Math.max(0, now + move))]);
  });
  let renewing = false;
  document.addEventListener('focusout', (event) => {
    if (chartOf(event.target) && !renewing) read(undefined);
  });

  const { live } = document.documentElement.dataset;
  if (live === undefined) return;
  const known = frames.at(-1)?.step ?? -1;
  const events = new EventSource(`/events?run=${live}&after=${known}`);
  const shown: Record<string, string> = {};
  const connection = document.querySelector<HTMLElement>('#connection')!;
  events.addEventListener('open', () => {
    connection.hidden = true;
  });
  events.addEventListener('error', () => {
    connection.hidden = false;
  });
  events.addEventListener('reload', () => location.reload());
  events.addEventListener('sections', (event: MessageEvent<string>) => {
    const focused = all('.chart').indexOf(document.activeElement!);
    renewing = true;
    for (const [id, html] of Object.entries(JSON.parse(event.data) as Record<string, string>)) {
      const section = document.getElementById(id);
      if (section && shown[id] !== html) section.innerHTML = html;
      shown[id] = html;
    }
    if (focused >= 0) all<HTMLElement>('.chart')[focused]?.focus({ preventScroll: true });
    renewing = false;
    if (reading !== undefined) read(reading);
  });
  events.addEventListener('frame', (event: MessageEvent<string>) => {
    const frame = JSON.parse(event.data) as ShownFrame;
    if (frames.some(({ step }) => step === frame.step)) return;
    const atEnd = Number(slider.value) >= frames.length - 1;
    frames.push(frame);
    // As many as a page can hold for days: every other one goes, the newest stays.
    if (frames.length > 80)
      frames.splice(
        0,
        frames.length,
        ...frames.filter((_, i) => i % 2 === 0 || i === frames.length - 1),
      );
    layOut();
    if (atEnd && playing === undefined) show(frames.length - 1);
  });
  // Without this the browser would ask for ever.
  events.addEventListener('end', () => events.close());
}
