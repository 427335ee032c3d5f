import { describe, expect, test } from 'vitest';
import { clock, day, dayKey, daysBefore, fromField, hour, long, moment, short, toField } from './time';

const at = new Date('2026-03-14T01:00:00Z');

test('desk time in both languages', () => {
  expect(hour(at, 'ind')).toBe('08.00');
  expect(hour(at, 'eng')).toBe('08:00');
  expect(day(at, 'ind')).toBe('14 Maret 2026');
  expect(day(at, 'eng')).toBe('14 March 2026');
  expect(moment(at, 'ind')).toBe('14 Mar 2026, 08.00 WIB');
});

describe('days turn at midnight WIB, 17.00 UTC', () => {
  const rows = [
    { name: 'same evening', a: '2026-03-14T16:59:59Z', b: '2026-03-14T01:00:00Z', want: 0 },
    { name: 'past midnight WIB, same UTC day', a: '2026-03-14T01:00:00Z', b: '2026-03-14T17:00:00Z', want: 1 },
    { name: 'over a month', a: '2026-02-28T10:00:00Z', b: '2026-03-01T10:00:00Z', want: 1 },
  ];
  test.each(rows)('$name', ({ a, b, want }) => expect(Math.abs(daysBefore(new Date(a), new Date(b)))).toBe(want));
  test('key', () => expect(dayKey(new Date('2026-12-31T17:00:00Z'))).toBe('2027-01-01'));
});

describe('durations', () => {
  const rows = [
    { ms: -5, ind: '0 dtk', eng: '0s', words: '0 detik', running: '0:00' },
    { ms: 59_999, ind: '59 dtk', eng: '59s', words: '59 detik', running: '0:59' },
    { ms: 60_000, ind: '1 mnt', eng: '1m', words: '1 menit', running: '1:00' },
    { ms: 3_600_000, ind: '1 jam', eng: '1h', words: '1 jam', running: '1:00:00' },
    { ms: 86_400_000 * 3, ind: '3 hari', eng: '3d', words: '3 hari', running: '72:00:00' },
  ];
  test.each(rows)('$ms ms', ({ ms, ind, eng, words, running }) => {
    expect(short(ms, 'ind')).toBe(ind);
    expect(short(ms, 'eng')).toBe(eng);
    expect(long(ms, 'ind')).toBe(words);
    expect(clock(ms)).toBe(running);
  });
  test('English counts one', () => expect(long(60_000, 'eng')).toBe('1 minute'));
});

test('a time in a field is desk time', () => {
  expect(fromField('2026-11-24T08:00')).toBe('2026-11-24T01:00:00.000Z');
  expect(toField(new Date('2026-11-23T18:30:00Z'))).toBe('2026-11-24T01:30');
  expect(fromField('')).toBeUndefined();
});
