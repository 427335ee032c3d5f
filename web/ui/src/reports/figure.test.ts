import { expect, test } from 'vitest';
import { bars, written } from './figure';

test('figures are written by their unit', () => {
  expect([written(null, 'count'), written(1250, 'count'), written(133, 'seconds'), written(0.7959, 'ratio')]).toEqual(['–', '1.250', '2:13', '79,6%']);
});

test('the tallest bar fills the height, no data and nothing at all have none', () => {
  expect(bars([5, null, 10], 30, 40).map((bar) => [bar.y, bar.height])).toEqual([[20, 20], [40, 0], [0, 40]]);
  expect(bars([0, null], 20, 40).every((bar) => bar.height === 0)).toBe(true);
  expect(bars([1], 10, 40)[0]).toMatchObject({ x: 1, width: 8 });
});
