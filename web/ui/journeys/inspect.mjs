import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SIZES } from './stage.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = Boolean(process.env.JOURNEYS_PICTURES);
/** A screen on a busy machine may need a moment until it stands as it will: so often, so long (milliseconds), before it is at fault. */
const [RESTS, REST] = [10, 100];
const DRAWN = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';

/** Looks at screens the way somebody would who cannot see, has a narrow screen, or uses no mouse; faults are gathered and told together. */
export class Inspector {
  faults = [];

  constructor(stage) {
    this.stage = stage;
  }

  /** One screen as it stands, light and dark, at each size. The size it had comes back. */
  async screen(page, name, { sizes = ['phone', 'desk'], axe = sizes.at(-1), full = false } = {}) {
    this.stage.now(`looking at ${name}`);
    const before = page.viewportSize();
    for (const size of sizes) {
      await page.setViewportSize(SIZES[size]);
      await page.evaluate(DRAWN); // a screen that changes its parts with its width has done so
      await this.fits(page, `${name}, ${size}`);
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        if (size === axe) await this.axe(page, `${name}, ${size}, ${theme}`, theme === 'dark' ? ['color-contrast'] : undefined);
        if (PICTURES) await page.screenshot({ path: join(this.stage.out, `${name.replace(/\W+/g, '-')}-${size}-${theme}.png`), fullPage: full });
      }
      await page.emulateMedia({ colorScheme: 'light' });
    }
    await page.setViewportSize(before);
  }

  /** Serious and critical findings; only some rules when they are named. */
  async axe(page, name, rules) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
    const found = await page.evaluate(async (only) => {
      const options = { resultTypes: ['violations'], ...(only ? { runOnly: { type: 'rule', values: only } } : {}) };
      const { violations } = await window.axe.run(document, options);
      return violations
        .filter((one) => one.impact === 'serious' || one.impact === 'critical')
        .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.flat().join(' ')} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''})`).join('; ')}`);
    }, rules);
    this.faults.push(...found.map((one) => `${name}: axe ${one}`));
  }

  /** Nothing may stick out to the right; what scrolls inside a box of its own may. */
  async fits(page, name) {
    let wide = await this.wide(page);
    for (let n = 0; wide && n < RESTS; n++) {
      await pause(REST);
      wide = await this.wide(page);
    }
    if (wide) this.faults.push(`${name}: ${wide}`);
  }

  wide(page) {
    return page.evaluate(() => {
      const over = document.documentElement.scrollWidth - innerWidth;
      const scrolled = (element) => {
        for (let box = element.parentElement; box; box = box.parentElement) {
          if (box.scrollWidth > box.clientWidth && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return true;
        }
        return false;
      };
      const roots = [document, ...[...document.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])];
      const out = roots.flatMap((root) => [...root.querySelectorAll('button, a, input, textarea, select')])
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[popover], [inert], .skip') && !scrolled(element))
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.right > innerWidth + 1 || box.left < -1))
        .map(({ element }) => (element.getAttribute('aria-label') || element.textContent || element.tagName).trim().slice(0, 30));
      return over > 0 || out.length > 0 ? `${over} px wider than the screen; outside: ${out.join(', ') || 'nothing to press'}` : '';
    });
  }

  /** Goes through a page with the Tab key: wherever the focus is, it can be seen, and it is on the screen. */
  async focus(page, name, presses = 25) {
    this.stage.now(`the focus on ${name}`);
    for (let n = 0; n < presses; n++) {
      await page.keyboard.press('Tab');
      const fault = await page.evaluate(async ({ rests, rest }) => {
        const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        await drawn();
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (!element || element === document.body) return '';
        const named = (element.getAttribute('aria-label') || element.textContent || element.tagName).trim().slice(0, 40);
        let box = element.getBoundingClientRect();
        for (let n = 0; n < rests && (box.bottom < 0 || box.top > innerHeight); n++) { // it may still be on its way
          await new Promise((resolve) => setTimeout(resolve, rest));
          box = element.getBoundingClientRect();
        }
        if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) return `${named}: the focus is off the screen`;
        const family = [element, element.nextElementSibling, element.parentElement, element.parentElement?.parentElement].filter(Boolean);
        const look = () => family.map((one) => {
          const s = getComputedStyle(one);
          return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.borderColor, s.backgroundColor].join();
        }).join('|');
        const focused = look();
        element.blur();
        await drawn();
        const plain = look();
        element.focus();
        return focused === plain ? `${named}: nothing shows that it has the focus` : '';
      }, { rests: RESTS, rest: REST });
      if (fault) this.faults.push(`${name}: ${fault}`);
    }
  }

  /** Fails when anything was found. */
  end() {
    if (this.faults.length > 0) throw new Error([...new Set(this.faults)].join('\n'));
  }
}
