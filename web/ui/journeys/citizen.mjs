import { until } from './until.mjs';

/** The visitor's chat window on the citizen home page. */
export class Citizen {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.panel = page.locator('section.panel');
    this.log = this.panel.getByRole('log');
    this.box = this.panel.getByRole('textbox', { name: 'Tulis pesan' });
    this.standing = this.panel.locator('.bar [role=status]').first();
  }

  async open() {
    await this.page.goto(`${this.url}/`);
    await this.page.getByRole('button', { name: 'Mulai obrolan' }).click();
    await this.panel.waitFor();
  }

  async say(text) {
    await this.box.fill(text);
    await this.box.press('Enter');
    await this.confirmed(text);
  }

  /** Waits until the desk has said that this message is stored. */
  async confirmed(text) {
    await this.log.locator('li.line.me:not(.pending)', { hasText: text }).last().waitFor();
  }

  async press(button) {
    await this.panel.getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits for a line of the desk and returns it; from is bot, agent or system. */
  async hears(text, from = '') {
    const line = this.log.locator(`li.line${from ? `.${from}` : ':not(.me)'}`, { hasText: text }).last();
    await line.waitFor();
    return line;
  }

  async stands(text) {
    await until(`the chat's head to say ${text}`, async () => {
      const said = await this.standing.textContent();
      if (text.test(said)) return true;
      throw new Error(said);
    });
  }

  /** Every line in order, as "from: text". */
  lines() {
    return this.log.locator('li.line').evaluateAll((items) => items.map((item) => `${item.classList[1]}: ${item.querySelector('.text')?.textContent ?? ''}`));
  }
}
