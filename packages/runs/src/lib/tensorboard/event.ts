import type { Scalars } from '@ganloom/training';
import type { Histogram } from './histogram';
import {
  bytesField,
  doubleField,
  doublesField,
  floatField,
  integerField,
  message,
  readInteger,
} from './protobuf';

/** What one event says: a picture, numbers, distributions, each by a tag. */
export interface EventSummary {
  readonly scalars?: Scalars;
  readonly images?: Readonly<Record<string, EncodedImage>>;
  readonly histograms?: Readonly<Record<string, Histogram>>;
}

/** A picture as the bytes of a PNG. */
export interface EncodedImage {
  readonly png: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const STEP = 2;
const SESSION_START = 1;

/** The event that every file begins with. */
export function versionEvent(seconds: number): Uint8Array {
  return message(doubleField(1, seconds), bytesField(3, 'brain.Event:2'));
}

/** Tells a TensorBoard that is looking to forget what it has read of `step` and later. */
export function startEvent(seconds: number, step: number): Uint8Array {
  const session = message(integerField(1, SESSION_START));
  return message(doubleField(1, seconds), integerField(STEP, step), bytesField(7, session));
}

/**
 * A TensorFlow `Event` (event.proto, summary.proto) of a step.
 *
 * @param seconds since 1970
 */
export function summaryEvent(seconds: number, step: number, summary: EventSummary): Uint8Array {
  const { scalars = {}, images = {}, histograms = {} } = summary;
  const values = [
    ...Object.entries(scalars).map(([tag, value]) => valueOf(tag, floatField(2, value))),
    ...Object.entries(images).map(([tag, image]) => valueOf(tag, bytesField(4, imageOf(image)))),
    ...Object.entries(histograms).map(([tag, one]) =>
      valueOf(tag, bytesField(5, histogramOf(one))),
    ),
  ];
  return message(
    doubleField(1, seconds),
    integerField(STEP, step),
    bytesField(5, message(...values.map((value) => bytesField(1, value)))),
  );
}

/** The step of an encoded event; 0 if it has none. */
export function stepOfEvent(event: Uint8Array): number {
  return readInteger(event, STEP);
}

function valueOf(tag: string, content: Uint8Array): Uint8Array {
  return message(bytesField(1, tag), content);
}

function imageOf({ height, width, channels, png }: EncodedImage): Uint8Array {
  return message(
    integerField(1, height),
    integerField(2, width),
    // 1 is grey, 3 RGB.
    integerField(3, channels),
    bytesField(4, png),
  );
}

function histogramOf({ min, max, num, sum, sumSquares, limits, counts }: Histogram): Uint8Array {
  return message(
    doubleField(1, min),
    doubleField(2, max),
    doubleField(3, num),
    doubleField(4, sum),
    doubleField(5, sumSquares),
    doublesField(6, limits),
    doublesField(7, counts),
  );
}
