import { expect, test } from 'vitest';
import { problemOf } from '$/lib/api/problem';
import type { Field } from '$/lib/api/wire';
import { initial, missing, refusals } from './check';

const field = (name: string, required: boolean): Field => ({ name, label: name, kind: 'text', required });

test('missing names empty required fields only', () => {
  expect(missing([field('a', true), field('b', true), field('c', false)], { a: ' ', b: 'x' }, 'wajib')).toEqual({ a: 'wajib' });
});

test('a required choice of one is made already', () => {
  const one = { ...field('a', true), kind: 'select' as const, options: [{ value: 'x', label: 'X' }] };
  expect(initial([one, { ...one, name: 'b', required: false }, { ...one, name: 'c', options: [] }, field('d', true)])).toEqual({ a: 'x' });
});

test('refusals go to the last part of a path', () => {
  const problem = problemOf(422, { errors: [{ field: 'body.fields.reason', rule: 'required', message: 'isi' }] });
  expect(refusals(problem)).toEqual({ reason: 'isi' });
});
