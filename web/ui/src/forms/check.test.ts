import { expect, test } from 'vitest';
import { problemOf } from '$/lib/api/problem';
import type { Field } from '$/lib/api/wire';
import { missing, refusals } from './check';

const field = (name: string, required: boolean): Field => ({ name, label: name, kind: 'text', required });

test('missing names empty required fields only', () => {
  expect(missing([field('a', true), field('b', true), field('c', false)], { a: ' ', b: 'x' }, 'wajib')).toEqual({ a: 'wajib' });
});

test('refusals go to the last part of a path', () => {
  const problem = problemOf(422, { errors: [{ field: 'body.fields.reason', rule: 'required', message: 'isi' }] });
  expect(refusals(problem)).toEqual({ reason: 'isi' });
});
