import { Inspector } from './inspect.mjs';
import { carrierOf, citizenOf, staffOf, YUSUF } from './people.mjs';
import { picture } from './picture.mjs';
import { endConversation, prove } from './steps.mjs';
import { SIZES } from './stage.mjs';
import { until } from './until.mjs';

export default [
  { name: 'citizen pages and the chat window: no serious axe finding, nothing sticks out, light and dark', run: screens },
  { name: 'citizen pages and the chat window: the keyboard’s focus can be seen everywhere', run: focus },
];

const PHONE_FIRST = { sizes: ['desk', 'phone'], axe: 'phone', full: true };

async function screens(stage) {
  const eyes = new Inspector(stage);
  const citizen = await citizenOf(stage, 'citizen', { size: 'phone', forgives: /404 \(Not Found\)/ });
  await pages(eyes, citizen);
  await chat(stage, eyes, citizen);
  eyes.end();
}

async function pages(eyes, { page, url }) {
  for (const [name, path] of [['home', '/'], ['home in English', '/?lang=eng'], ['help', '/help?lang=ind'], ['help found', '/help?q=insentif'], ['help not found', '/help?q=xyzzy'], ['missing', '/help/tidak-ada']]) {
    await page.goto(url + path);
    await eyes.screen(page, name, PHONE_FIRST);
  }
  await page.goto(`${url}/`);
  await page.locator('.topics a').first().click();
  await page.locator('article h1').waitFor();
  await eyes.screen(page, 'article', PHONE_FIRST);
}

async function chat(stage, eyes, citizen) {
  const { page } = citizen;
  const look = (name) => eyes.screen(page, `chat ${name}`, { sizes: ['desk', 'phone'], axe: 'phone' });
  await citizen.open();
  await look('empty');
  await citizen.say('kapan insentif saya cair ya');
  await citizen.panel.locator('.quick button').first().waitFor();
  await look('with the bot');
  await prove(citizen, carrierOf(stage), YUSUF);
  await citizen.hears('dijadwalkan', 'bot');
  await look('record');
  const agent = await staffOf(stage, 'agent', { nth: 1 });
  await citizen.say('saya mau bicara dengan petugas');
  await citizen.stands(/Menunggu petugas/);
  await look('queued');
  await agent.work('Siap menerima');
  await agent.take(YUSUF.name);
  await agent.reply('Selamat siang, saya cek dulu ya. Panduannya ada di https://contoh.example/panduan/insentif/jadwal-pencairan-terbaru.');
  await citizen.hears('saya cek dulu', 'agent');
  await agent.box.pressSequentially('Sebentar');
  await citizen.panel.getByText('sedang mengetik').waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), citizen.panel.getByRole('button', { name: 'Lampirkan berkas' }).click()]);
  await chooser.setFiles({ name: 'foto-buku-tabungan-halaman-depan-yang-namanya-panjang.png', mimeType: 'image/png', buffer: picture() });
  await until('the upload to end', async () => (await citizen.panel.locator('.tray progress').count()) === 0);
  await look('with an agent and a file');
  await citizen.say('ini fotonya');
  await page.context().setOffline(true);
  await citizen.box.fill('halo, masih di sana?');
  await citizen.box.press('Enter');
  await citizen.panel.getByText('Tidak ada sambungan').waitFor();
  await look('offline');
  await page.context().setOffline(false);
  await citizen.confirmed('masih di sana');
  await citizen.press('Akhiri');
  await citizen.panel.getByRole('alertdialog').waitFor();
  await look('end asked');
  await citizen.panel.getByRole('alertdialog').getByRole('button', { name: 'Tidak' }).click();
  await endConversation(agent, 'Selesai');
  await citizen.panel.getByRole('radio', { name: '4 / 5' }).check({ force: true });
  await look('rating');
  await citizen.press('Kirim penilaian');
  await citizen.stands(/selesai/i);
  await look('ended');
  await citizen.press('Tutup obrolan');
  await page.getByRole('button', { name: 'Tanya kami' }).waitFor();
  await look('closed');
}

async function focus(stage) {
  const eyes = new Inspector(stage);
  const citizen = await citizenOf(stage);
  for (const path of ['/', '/help?q=insentif']) {
    await citizen.page.goto(citizen.url + path);
    await eyes.focus(citizen.page, path);
  }
  await citizen.open();
  await citizen.say('kapan gelombang baru dibuka');
  await citizen.panel.locator('.quick button').first().waitFor();
  await eyes.focus(citizen.page, 'the chat window', 15);
  stage.now('the chat window by keyboard alone');
  await citizen.page.setViewportSize(SIZES.desk);
  await citizen.page.goto(`${citizen.url}/`);
  await citizen.page.getByRole('button', { name: 'Tanya kami' }).focus();
  await citizen.page.keyboard.press('Enter');
  await until('the focus in the writing field', () => citizen.box.evaluate((box) => box.getRootNode().activeElement === box));
  await citizen.page.keyboard.press('Escape');
  await until('the focus on the opener', () => citizen.page.getByRole('button', { name: 'Tanya kami' }).evaluate((button) => button.getRootNode().activeElement === button));
  eyes.end();
}
