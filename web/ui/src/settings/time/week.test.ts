import { expect, test } from 'vitest';
import { byDay, periods, spans } from './week';

test('hours go through the fields unchanged, midnight and nights too', () => {
  const stored = [
    { weekday: 0, opens: 1320, closes: 120 },
    { weekday: 1, opens: 480, closes: 720 },
    { weekday: 1, opens: 780, closes: 1440 },
  ];
  expect(periods(byDay(stored))).toEqual(stored);
});

test('days with the same hours are said as one', () => {
  const office = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: 480, closes: 1440 }));
  expect(spans(office)).toEqual([
    [1, 5, '08.00-24.00'],
    [6, 0, ''],
  ]);
});

test('a stretch that is not filled in is left out', () => expect(periods([[{ opens: '08:00', closes: '' }]])).toEqual([]));
