import { describe, expect, test } from 'vitest';
import { callAt, called, fitting, stretches } from './mention';

const team = [{ id: '1', name: 'Sari Utami' }, { id: '2', name: 'Sari Utami Dewi' }, { id: '3', name: 'Rangga' }];

describe('callAt', () => {
  test.each([
    { name: 'right after the sign', text: 'tolong @', want: { from: 7, to: 8, typed: '' } },
    { name: 'a name of two words', text: '@Sari Ut', want: { from: 0, to: 8, typed: 'Sari Ut' } },
    { name: 'no e-mail address', text: 'surel siti@contoh', want: null },
    { name: 'behind a line break', text: 'halo\n@ra', want: { from: 5, to: 8, typed: 'ra' } },
  ])('$name', ({ text, want }) => expect(callAt(text, text.length)).toEqual(want));
  test('goes by the cursor', () => expect(callAt('@ra dan lagi', 3)?.typed).toBe('ra'));
});

test('any word of a name may be typed', () => {
  expect(fitting(team, 'ut').map((one) => one.id)).toEqual(['1', '2']);
  expect(fitting(team, 'SARI UTAMI D').map((one) => one.id)).toEqual(['2']);
});

describe('called', () => {
  test('the longest name counts', () => expect(called('@Sari Utami Dewi cek ya', team).map((one) => one.id)).toEqual(['2']));
  test('several, each once', () => expect(called('@Rangga dan @Sari Utami, @Rangga', team).map((one) => one.id)).toEqual(['1', '3']));
  test('a name without the sign, or cut short, calls nobody', () => expect(called('Rangga, @Sari, @Ranggaa', team)).toEqual([]));
});

test('stretches keep the whole text', () => {
  const parts = stretches('cek @Rangga ya', ['Rangga']);
  expect(parts).toEqual([{ text: 'cek ', call: false }, { text: '@Rangga', call: true }, { text: ' ya', call: false }]);
  expect(stretches('', ['Rangga'])).toEqual([]);
});
