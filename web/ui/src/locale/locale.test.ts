import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import eng from './eng.json';
import ind from './ind.json';

const src = join(import.meta.dirname, '..');
const catalogues = { ind: ind as Record<string, string>, eng: eng as Record<string, string> };
const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!))].sort();

describe('catalogues', () => {
  test('have the same keys', () => {
    expect(Object.keys(eng).sort()).toEqual(Object.keys(ind).sort());
  });
  test.each(Object.keys(ind))('%s has the same placeholders and no empty text', (key) => {
    for (const form of catalogues.eng[key]!.split('|')) expect(holes(form)).toEqual(holes(catalogues.ind[key]!));
    expect(catalogues.ind[key]!.trim()).not.toBe('');
    expect(catalogues.eng[key]!.trim()).not.toBe('');
  });
  test('keys are room.thing.meaning in small letters', () => {
    expect(Object.keys(ind).filter((key) => !/^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(key))).toEqual([]);
  });
});

test('every literal key of the sources is in the catalogue', () => {
  const missing = new Set<string>();
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(svelte|ts)$/.test(entry.name) || entry.name.endsWith('.test.ts')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const m of text.matchAll(/(?<![\w.])t\(\s*'([^']+)'/g)) if (!(m[1]! in ind)) missing.add(m[1]!);
  }
  expect([...missing]).toEqual([]);
});
