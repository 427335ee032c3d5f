import { expect, test } from 'vitest';
import { slaState } from './sla';

const start = new Date('2026-03-01T01:00:00Z');
const due = new Date('2026-03-01T01:10:00Z');
const at = (min: number): Date => new Date(start.getTime() + min * 60_000);

const rows = [
  { name: 'no target', target: {}, now: at(0), want: 'none' },
  { name: 'met wins over late', target: { startedAt: start, dueAt: due, metAt: at(2) }, now: at(30), want: 'met' },
  { name: 'just under 80 %', target: { startedAt: start, dueAt: due }, now: at(7.99), want: 'safe' },
  { name: 'at 80 %', target: { startedAt: start, dueAt: due }, now: at(8), want: 'risk' },
  { name: 'on the second', target: { startedAt: start, dueAt: due }, now: at(10), want: 'risk' },
  { name: 'past', target: { startedAt: start, dueAt: due }, now: at(10.01), want: 'late' },
  { name: 'without a start nothing is at risk before it is late', target: { dueAt: due }, now: at(9.9), want: 'safe' },
] as const;

test.each(rows)('$name', ({ target, now, want }) => expect(slaState(target, now)).toBe(want));
