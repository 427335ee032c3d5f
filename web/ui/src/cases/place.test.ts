import { expect, test } from 'vitest';
import { casesAddress, placeIn } from './place';

test('an address holds its place', () => {
  const place = { kind: 'webchat', queue: 'none', name: 'Insentif & lain' };
  const address = casesAddress('waiting', place);
  expect(address).toBe('/console/cases?measure=waiting&kind=webchat&queue=none&name=Insentif+%26+lain');
  expect(placeIn(new URL(address, 'http://x').searchParams)).toEqual(place);
});
