import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contrast, lightDark } from './contrast';

const src = join(import.meta.dirname, '..');
const tokens = lightDark(readFileSync(join(src, 'styles/tokens.css'), 'utf8'));
const grounds = ['canvas', 'surface', 'sunken', 'hover', 'chosen', 'float', 'bubble'];
const tones = ['brand', 'amber', 'red', 'green', 'blue'];

const text: [string, string][] = [
  ...grounds.flatMap((g): [string, string][] => ['text', 'text-2'].map((t) => [t, g])),
  ...['canvas', 'surface', 'sunken', 'hover', 'float', 'chosen'].map((g): [string, string] => ['text-3', g]),
  ...tones.flatMap((t): [string, string][] => [
    [`${t}-text`, 'surface'],
    [`${t}-text`, 'canvas'],
    [`${t}-text`, 'sunken'],
    [`${t}-text`, 'hover'],
    [`${t}-text`, 'chosen'],
    [`${t}-text`, 'float'],
    [`${t}-text`, `${t}-soft`],
    ['text', `${t}-soft`],
    ['text-2', `${t}-soft`],
    ['on-solid', `${t}-solid`],
  ]),
  ['on-solid', 'brand-press'],
];

const edges: [string, string][] = [
  ...['surface', 'sunken', 'canvas', 'float'].flatMap((g): [string, string][] => [
    ['control', g],
    ['focus', g],
  ]),
  ...tones.flatMap((t): [string, string][] => [
    [`${t}-border`, 'surface'],
    [`${t}-border`, `${t}-soft`],
  ]),
];

describe.each(['light', 'dark'] as const)('contrast, %s', (mode) => {
  const value = (name: string): string => {
    const found = tokens.get(name);
    if (!found) throw new Error(`no token --${name}`);
    return found[mode];
  };
  test.each(text)('text %s on %s is at least 4.5:1', (ink, ground) => {
    expect(contrast(value(ink), value(ground))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(edges)('edge %s on %s is at least 3:1', (ink, ground) => {
    expect(contrast(value(ink), value(ground))).toBeGreaterThanOrEqual(3);
  });
});

test('contrast of black on white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
});

test('components name tokens, never raw colours or pixels', () => {
  const faults: string[] = [];
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !path.endsWith('.svelte')) continue;
    const style = /<style[^>]*>([\s\S]*)<\/style>/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
    for (const line of style.split('\n')) {
      if (/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\b\d*\.?\d+px\b/i.test(line)) faults.push(`${path.slice(src.length)}: ${line.trim()}`);
    }
  }
  expect(faults).toEqual([]);
});
