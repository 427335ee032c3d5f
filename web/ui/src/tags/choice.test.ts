import { expect, test } from 'vitest';
import type { Tag } from '$/lib/api/wire';
import { differ, offered } from './choice';

const tag = (id: string, name: string): Tag => ({ id, name, tone: 'blue' });

test('only what differs is saved', () => {
  expect(differ(['a', 'b'], ['b', 'c'])).toEqual({ add: ['c'], remove: ['a'] });
  expect(differ(['a'], ['a'])).toEqual({ add: [], remove: [] });
});

test('a closed tag of the case can still be taken off', () => {
  const all = [tag('a', 'Bukti'), tag('b', 'Rekening')];
  expect(offered(all, [tag('z', 'Lama')], '').map((one) => one.id)).toEqual(['a', 'b', 'z']);
  expect(offered(all, [tag('z', 'Lama')], ' REK ').map((one) => one.id)).toEqual(['b']);
});
