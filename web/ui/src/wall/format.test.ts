import { describe, expect, test } from 'vitest';
import { fits, measure, pageOf, trendPath } from './format';

describe('measure', () => {
  const rows = [
    { value: null, unit: 'count', want: '–' },
    { value: 0, unit: 'count', want: '0' },
    { value: 1250, unit: 'count', want: '1.250' },
    { value: 133, unit: 'seconds', want: '2:13' },
    { value: 0.7959, unit: 'ratio', want: '79,6%' },
    { value: 4.35, unit: 'score', want: '4,35' },
  ] as const;
  test.each(rows)('$value $unit', ({ value, unit, want }) => expect(measure(value, unit)).toBe(want));
});

describe('trendPath', () => {
  const rows = [
    { name: 'rises', points: [0, 1], want: 'M0.0 10.0L100.0 0.0' },
    { name: 'flat lies in the middle', points: [3, 3], want: 'M0.0 5.0L100.0 5.0' },
    { name: 'a gap lifts the pen', points: [0, null, 1], want: 'M0.0 10.0M100.0 0.0' },
    { name: 'one point is no line', points: [null, 2], want: '' },
  ];
  test.each(rows)('$name', ({ points, want }) => expect(trendPath(points, 100, 10)).toBe(want));
});

test('fits counts whole rows only', () => {
  expect(fits(104, 52)).toBe(2);
  expect(fits(103, 52)).toBe(1);
  expect(fits(0, 52)).toBe(1);
});

test('pages turn round', () => {
  expect(pageOf([1, 2, 3], 0, 2)).toEqual({ items: [1, 2], page: 0, pages: 2 });
  expect(pageOf([1, 2, 3], 3, 2)).toEqual({ items: [3], page: 1, pages: 2 });
  expect(pageOf([], 5, 2)).toEqual({ items: [], page: 0, pages: 1 });
});
