import { expect, it } from 'vitest';
import { standingText, size } from './line';
import { fill, LANGUAGES, words } from './words';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

it.each(LANGUAGES.map((l) => l.code))('%s has the places of Indonesian', (code) => {
  const base = words('ind');
  for (const [key, text] of Object.entries(words(code))) {
    expect([key, places(text)]).toEqual([key, places(base[key as keyof typeof base])]);
  }
});

it('falls back to Indonesian', () => {
  expect(words('bug')).toEqual(words('ind'));
  expect(words('jav').attach).toBe(words('ind').attach);
});

it.each([
  ['bot', { state: 'bot' }, 'Anda berbicara dengan bot'],
  ['place without a known wait', { state: 'queued', place: 3 }, 'Menunggu petugas, urutan ke-3'],
  ['place and wait', { state: 'queued', place: 3, wait: { from: 200, to: 480 } }, 'Menunggu petugas, urutan ke-3 · sekitar 4-8 menit'],
  ['agent', { state: 'agent', agent: 'Rina' }, 'Anda berbicara dengan Rina, petugas'],
])('says where one stands: %s', (_, standing, want) => {
  expect(standingText(standing, words('ind'))).toBe(want);
});

it('fills places', () => expect(fill('{n} of {m}', { n: 2 })).toBe('2 of '));
it.each([[500, '1 KB'], [20480, '20 KB'], [3 * 1024 * 1024, '3.0 MB']])('%d bytes are %s', (bytes, want) => expect(size(bytes)).toBe(want));
