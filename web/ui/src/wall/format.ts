import type { Figure } from '$/lib/api/wire';
import { number, percent } from '$/lib/i18n.svelte';
import { clock } from '$/lib/time';

/** A figure as the wall writes it; no data is a dash, never a zero. */
export function figure(f: Pick<Figure, 'value' | 'unit'>): string {
  return measure(f.value, f.unit);
}

export function measure(value: number | null, unit: Figure['unit']): string {
  if (value === null) return '–';
  switch (unit) {
    case 'count':
      return number(value, undefined, 0);
    case 'seconds':
      return clock(value * 1000);
    case 'ratio':
      return percent(value);
    case 'score':
      return number(value, undefined, 2);
  }
}

/** The path of a small line over `width` x `height`, a gap where there is no data; '' when nothing can be drawn. */
export function trendPath(points: readonly (number | null)[], width: number, height: number): string {
  const known = points.filter((p): p is number => p !== null);
  if (known.length < 2) return '';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (i: number): number => (i / (points.length - 1)) * width;
  const y = (p: number): number => (high === low ? height / 2 : height - ((p - low) / (high - low)) * height);
  let pen = 'M';
  return points
    .map((p, i) => {
      if (p === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${x(i).toFixed(1)} ${y(p).toFixed(1)}`;
      pen = 'L';
      return step;
    })
    .join('');
}

/** How many rows of `step` pixels fit into `height`, one at least. */
export function fits(height: number, step: number): number {
  return Math.max(1, Math.floor((height + 0.5) / step));
}

/** The slice of page `n` (0-based, wrapping round) when `size` fit at a time. */
export function pageOf<T>(all: readonly T[], n: number, size: number): { items: readonly T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = n % pages;
  return { items: all.slice(page * size, page * size + size), page, pages };
}
