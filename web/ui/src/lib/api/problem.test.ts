import { describe, expect, test } from 'vitest';
import { offline, problemOf } from './problem';

describe('problemOf', () => {
  test('reads RFC 9457 with code and fields', () => {
    const p = problemOf(422, { type: 'about:blank', title: 'Invalid', status: 422, detail: 'd', code: 'too_long', errors: [{ field: 'body.text', rule: 'max', message: 'Terlalu panjang' }] });
    expect(p).toMatchObject({ status: 422, code: 'too_long', message: 'Invalid', detail: 'd' });
    expect(p.field('text')).toBe('Terlalu panjang');
    expect(p.field('other')).toBe('');
  });
  test('keeps members of its own', () => expect(problemOf(409, { code: 'stale_thread', news: 3 }).extra).toEqual({ news: 3 }));
  const rows = [
    { name: 'a page from a proxy', status: 502, body: undefined, code: 'broken', passing: true },
    { name: 'no code', status: 404, body: { title: 'x' }, code: 'not_found', passing: false },
    { name: 'an array', status: 403, body: [], code: 'forbidden', passing: false },
    { name: 'too many', status: 429, body: {}, code: 'slow_down', passing: true },
  ];
  test.each(rows)('$name', ({ status, body, code, passing }) => {
    expect(problemOf(status, body)).toMatchObject({ code, passing });
  });
});

test('no answer at all may pass', () => expect(offline().passing).toBe(true));
