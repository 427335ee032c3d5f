import { expect, test } from 'vitest';
import { sectionsOf } from './sections';

const rows = [
  { name: 'an agent', permissions: ['conversation.reply'], sees: ['profile'] },
  { name: 'somebody who manages staff only', permissions: ['staff.manage'], sees: ['profile', 'staff', 'roles'] },
];
test.each(rows)('$name sees $sees', ({ permissions, sees }) => expect(sectionsOf(permissions).map((one) => one.name)).toEqual(sees));
test('no address stands for two sections', () => {
  const names = sectionsOf(['staff.manage', 'settings.edit']).map((one) => one.name);
  expect(new Set(names).size).toBe(names.length);
});
