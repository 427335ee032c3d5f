import { afterEach, expect, test } from 'vitest';
import { answer, bind, type Press, type Shortcut } from './keys';

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((run) => run()));
const press = (key: string, more: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
const add = (...shortcuts: Partial<Shortcut>[]): void => void undo.push(bind(shortcuts.map((s) => ({ key: '', run: () => {}, ...s }))));

test('the newest layer answers first and leaves with its screen', () => {
  const [low, high] = [() => {}, () => {}];
  add({ key: 'r', run: low });
  const leave = bind([{ key: 'r', run: high }]);
  expect(answer(press('r'), false)?.run).toBe(high);
  leave();
  expect(answer(press('r'), false)?.run).toBe(low);
});

test('letters are letters while typing', () => {
  add({ key: 'r' }, { key: 'k', mod: true, typing: true });
  expect(answer(press('r'), true)).toBeNull();
  expect(answer(press('k', { ctrlKey: true }), true)).not.toBeNull();
  expect(answer(press('k', { metaKey: true }), true)).not.toBeNull();
});

test('modifiers must match and Alt is never ours', () => {
  add({ key: 'r' });
  expect(answer(press('r', { ctrlKey: true }), false)).toBeNull();
  expect(answer(press('r', { altKey: true }), false)).toBeNull();
  expect(answer(press('R'), false)).not.toBeNull();
  expect(answer(press('r', { isComposing: true }), false)).toBeNull();
});
