import { expect, test } from 'vitest';
import { staleKeys } from './cache';

const rows = [
  { name: 'ticket:7', want: [['ticket', '7'], ['tickets']] },
  { name: 'record:a:b', want: [['record', 'a:b']] },
  { name: 'approvals', want: [['approvals']] },
  { name: 'conversation:9', want: [['conversation', '9']] },
  { name: 'articles', want: [['articles']] },
  { name: 'something:new', want: [] },
];
test.each(rows)('$name', ({ name, want }) => expect(staleKeys(name)).toEqual(want));
