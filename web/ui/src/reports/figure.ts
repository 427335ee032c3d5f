import type { ReportColumn } from '$/lib/api/wire';
import { number, percent } from '$/lib/i18n.svelte';
import { clock } from '$/lib/time';

/** A figure of a report as people read it; no data is a dash, never a zero. */
export function written(value: number | null, unit: ReportColumn['unit']): string {
  if (value === null) return '–';
  switch (unit) {
    case 'count':
      return number(value, undefined, 0);
    case 'seconds':
      return clock(value * 1000);
    case 'ratio':
      return percent(value);
  }
}

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Bars over `width` x `height`, a fifth of each place left free; no data has no height. */
export function bars(values: readonly (number | null)[], width: number, height: number): Bar[] {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const place = width / values.length;
  return values.map((value, i) => {
    const tall = most === 0 ? 0 : ((value ?? 0) / most) * height;
    return { x: i * place + place * 0.1, y: height - tall, width: place * 0.8, height: tall };
  });
}
