import { until } from './until.mjs';

/** Somebody of the staff at the console. */
export class Agent {
  constructor(page, url, login) {
    Object.assign(this, { page, url, login, name: login.name });
    this.side = page.getByRole('complementary', { name: 'Panel kasus' });
    this.thread = page.getByRole('log', { name: 'Isi percakapan' });
    this.box = page.getByRole('form', { name: 'Tulis pesan' }).getByRole('textbox');
    this.dialog = page.getByRole('dialog');
  }

  async signIn(path = '/console/') {
    await this.page.goto(this.url + path);
    await this.page.getByLabel('E-mail').fill(this.login.email);
    await this.page.getByLabel('Kata sandi').fill(this.login.password);
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('navigation', { name: 'Bagian konsol' }).or(this.page.getByRole('heading', { name: 'Papan pantau' })).first().waitFor();
  }

  /** Chooses a state of work, by the words of its entry. */
  async work(state) {
    await this.page.getByRole('navigation').getByRole('button', { name: /: / }).click();
    const answered = this.page.waitForResponse((r) => r.url().endsWith('/me/presence'));
    await this.page.getByRole('menuitemradio', { name: state }).click();
    if (!(await answered).ok()) throw new Error(`the desk refused the state ${state}`);
  }

  /** The row of a conversation, by the citizen's name. */
  row(name) {
    return this.page.locator('[data-row]', { hasText: name }).first();
  }

  async take(name) {
    await this.row(name).click();
    await this.page.getByRole('heading', { name, level: 2 }).waitFor();
    await this.box.waitFor();
  }

  tab(name) {
    return this.side.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  }

  async reply(text) {
    await this.compose('Balasan', text);
  }

  async note(text) {
    await this.compose('Catatan', text);
  }

  async compose(kind, text) {
    const form = this.page.getByRole('form', { name: 'Tulis pesan' });
    await form.getByRole('tab', { name: kind }).click();
    await this.box.fill(text);
    await form.locator('button[type=submit]').click();
    await this.bubble(text).waitFor();
  }

  /** Puts a file beside the reply that is being written. */
  async attach(name, mimeType, buffer) {
    const form = this.page.getByRole('form', { name: 'Tulis pesan' });
    await form.getByRole('tab', { name: 'Balasan' }).click();
    const [picker] = await Promise.all([this.page.waitForEvent('filechooser'), form.getByRole('button', { name: 'Lampirkan berkas' }).click()]);
    await picker.setFiles({ name, mimeType, buffer });
    await form.getByRole('button', { name: `Hapus ${name}` }).waitFor();
    await until('the upload to end', async () => (await form.locator('progress').count()) === 0);
  }

  /** A bubble of the thread that has this text. */
  bubble(text) {
    return this.thread.locator('article', { hasText: text }).last();
  }

  /** Waits until our line with this text has got as far as the words say. */
  delivered(text, words) {
    const ticks = this.bubble(text).locator('.ticks');
    return until(`${words} under "${text}"`, async () => {
      const now = await ticks.getAttribute('title');
      if (now === words) return true;
      throw new Error(now);
    });
  }

  /** Waits for a notice and returns its text. */
  async told(text) {
    const toast = this.page.getByRole('region', { name: 'Pemberitahuan' }).getByText(text);
    await toast.first().waitFor();
    return toast.first().textContent();
  }

  /** Fills the controls of the open dialog by their labels; a list's control is given the words of its option. */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const control = this.dialog.getByLabel(label, { exact: false }).first();
      if ((await control.evaluate((element) => element.tagName)) === 'SELECT') await control.selectOption({ label: value });
      else await control.fill(value);
    }
  }

  /** Presses a button of the open dialog and waits until the dialog has gone. */
  async finish(button) {
    await this.dialog.locator('footer').getByRole('button', { name: button, exact: true }).click();
    await this.dialog.waitFor({ state: 'detached' });
  }
}

/** The wallboard, read as a person reads it. */
export class Wall {
  constructor(page) {
    this.page = page;
  }

  /** What the board says now: the headline figures that journeys watch, and how many agents serve somebody. */
  async read() {
    const [waiting, csat] = await Promise.all([this.figure('Menunggu'), this.figure('CSAT hari ini')]);
    const serving = await this.page.locator('.counts .on_contact b').textContent();
    return { waiting: waiting.value, serving: Number(serving), ratings: csat.n };
  }

  /** A headline's number and the number of contacts it is taken over. */
  async figure(label) {
    const tile = this.page.locator('.headline button', { hasText: label });
    const [text, n] = await Promise.all([tile.locator('.value').textContent(), tile.locator('.n').allTextContents()]);
    return { value: /\d/.test(text) ? Number(text.replace(/[^\d,]/g, '').replace(',', '.')) : null, n: Number((n[0] ?? '0').replace(/\D/g, '')) };
  }
}
