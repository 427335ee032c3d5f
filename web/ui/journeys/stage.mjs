import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { PATIENCE } from './until.mjs';

export const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 }, wall: { width: 1920, height: 1080 } };

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--no-first-run'];

export const openBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ARGS });

/** What a page may say on its console without being at fault: the browser's own words about a line that is down. */
const LINE_DOWN = /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_CONNECTION|WebSocket connection to/;

/** Stage holds the people of one journey, each in a browser context of their own, and what their pages complained of. */
export class Stage {
  constructor(browser, system, out) {
    Object.assign(this, { browser, system, out, people: [], complaints: [], step: '' });
  }

  /** A person: a new context with one page. name is the name of their pictures. */
  async person(name, { size = 'desk', theme = 'light', forgives, login } = {}) {
    const context = await this.browser.newContext({
      viewport: SIZES[size], colorScheme: theme, locale: 'id-ID', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce', hasTouch: size === 'phone',
    });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' || LINE_DOWN.test(message.text()) || forgives?.test(message.text())) return;
      this.complaints.push(`${name}: ${message.text()} ${message.location().url}`);
    });
    this.people.push({ name, context, page, login });
    return page;
  }

  /** Says what is being done: a failure is told with it. */
  now(step) {
    this.step = step;
  }

  async pictures() {
    const files = [];
    for (const { name, page } of this.people) {
      const file = join(this.out, `${name}.png`);
      await page.screenshot({ path: file }).then(() => files.push(file), () => undefined);
    }
    return files;
  }

  async close() {
    for (const { context } of this.people) await context.close().catch(() => undefined);
  }
}
