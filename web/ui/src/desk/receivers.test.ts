import { expect, test } from 'vitest';
import type { QueueRow, StaffRow } from '$/lib/api/wire';
import { fitness, unitsOf } from './receivers';

const person = (id: string, state: StaffRow['presence']['state'], load: number, languages = ['ind']): StaffRow => ({
  id, name: id, role: 'agent', languages, skills: [], presence: { state, since: '2026-11-23T03:00:00Z', load, capacity: 3 },
});

test('who is free and speaks the language comes first, who is away last', () => {
  const list = [person('away', 'break', 0, ['jav']), person('full', 'on_contact', 3, ['jav']), person('free', 'available', 0), person('speaker', 'on_contact', 2, ['ind', 'jav']), person('idle speaker', 'available', 0, ['jav'])];
  expect(list.sort((a, b) => fitness(a, 'jav') - fitness(b, 'jav')).map((one) => one.id)).toEqual(['idle speaker', 'speaker', 'free', 'full', 'away']);
});

test('a unit sums what waits and counts its people once', () => {
  const queue = (id: string, unit: string, waiting: number, available: number): QueueRow => ({ id, slug: id, name: id, unit: { id: unit, name: unit }, waiting, available });
  expect(unitsOf([queue('umum', 'Layanan', 2, 4), queue('bayar', 'Bayar', 1, 0), queue('akun', 'Layanan', 3, 4)])).toEqual([
    { id: 'Bayar', name: 'Bayar', waiting: 1, available: 0 },
    { id: 'Layanan', name: 'Layanan', waiting: 5, available: 4 },
  ]);
});
