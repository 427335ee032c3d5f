import { afterEach, expect, it, vi } from 'vitest';
import { Memory } from './memory';

function storage(): Map<string, string> {
  const held = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value),
    removeItem: (key: string) => held.delete(key),
  });
  return held;
}

afterEach(() => vi.unstubAllGlobals());

it('leaves nothing of a forgotten chat but the language', () => {
  const held = storage();
  const memory = new Memory('chat');
  memory.write({ session: 's', draft: 'rahasia', seen: 3, language: 'jav', pending: [{ echo: 'e', text: 'rahasia', attachments: [] }] });
  memory.wipe();
  expect([...held.values()].join()).toBe('{"language":"jav"}');
  expect(memory.read()).toEqual({ language: 'jav' });
});

it('sees what another tab did', () => {
  storage();
  const one = new Memory('chat');
  const two = new Memory('chat');
  one.write({ session: 's', draft: 'rahasia' });
  two.reload();
  one.wipe();
  one.write({ session: 't' });
  two.reload();
  expect(two.read()).toEqual({ session: 't' });
});

it('goes on where storage is forbidden', () => {
  vi.stubGlobal('localStorage', { getItem: () => { throw new Error('forbidden'); }, setItem: () => { throw new Error('forbidden'); } });
  const memory = new Memory('chat');
  memory.write({ session: 's' });
  memory.reload();
  expect(memory.read()).toEqual({ session: 's' });
});
