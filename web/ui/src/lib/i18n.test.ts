import { afterEach, describe, expect, test } from 'vitest';
import { fill, label, number, percent, rupiah, speak, t } from './i18n.svelte';

afterEach(() => speak('ind'));

describe('fill', () => {
  const rows = [
    { name: 'places a word', text: 'Halo {name}', params: { name: 'Sari' }, want: 'Halo Sari' },
    { name: 'writes numbers as people do', text: '{n} pesan', params: { n: 1250 }, want: '1.250 pesan' },
    { name: 'one', text: '{n} message|{n} messages', params: { n: 1 }, want: '1 message' },
    { name: 'many', text: '{n} message|{n} messages', params: { n: 4 }, want: '4 messages' },
    { name: 'leaves an unknown hole visible', text: 'Halo {name}', params: {}, want: 'Halo {name}' },
  ];
  test.each(rows)('$name', ({ text, params, want }) => expect(fill(text, params as never, 'ind')).toBe(want));
});

test('speak switches the whole catalogue', async () => {
  expect(t('common.close')).toBe('Tutup');
  await speak('eng');
  expect(t('common.close')).toBe('Close');
});

test('label falls back to the code', () => {
  expect(label('presence', 'wrap_up')).toBe('Merapikan');
  expect(label('presence', 'unheard_of')).toBe('unheard_of');
});

test('numbers, money and shares', async () => {
  expect(number(1234.56)).toBe('1.234,6');
  expect(rupiah(600_000)).toBe('Rp600.000');
  expect(rupiah(-50_000)).toBe('−Rp50.000');
  expect(percent(780 / 980)).toBe('79,6%');
  expect(percent(null)).toBe('–');
  await speak('eng');
  expect(rupiah(600_000)).toBe('Rp600,000');
  expect(percent(0)).toBe('0%');
});
