import { Inspector } from './inspect.mjs';
import { citizenOf, staffOf, TUTIK, wallOf, WULANDARI } from './people.mjs';
import { makeTicket } from './steps.mjs';
import { check, until } from './until.mjs';

export default [
  { name: 'console, a conversation: no serious axe finding, nothing sticks out, light and dark', run: conversations },
  { name: 'console, the other doors: no serious axe finding, nothing sticks out, light and dark', run: doors },
  { name: 'wallboard: fits its screen, no serious axe finding, light and dark', run: wall },
  { name: 'the stand-in’s phone page: no serious axe finding, nothing sticks out, light and dark', run: phonePage },
  { name: 'console: the keyboard’s focus can be seen everywhere', run: focus },
];

/** On a phone the side panel is a drawer that a change of size closes, so what opens from it is looked at there apart. */
const DESK = { sizes: ['desk'] };

async function conversations(stage) {
  const eyes = new Inspector(stage);
  stage.now('signing in');
  const agent = await staffOf(stage, 'agent', { nth: 1 });
  await eyes.screen(agent.page, 'inbox without conversations');
  await conversation(stage, eyes, agent);
  await dialogs(eyes, agent);
  await onAPhone(stage, eyes);
  eyes.end();
}

async function doors(stage) {
  const eyes = new Inspector(stage);
  await login(stage, eyes);
  const agent = await staffOf(stage, 'agent', { nth: 1 });
  await lists(eyes, agent);
  await searches(eyes, agent);
  await officers(stage, eyes);
  eyes.end();
}

async function login(stage, eyes) {
  const page = await stage.person('login', { forgives: /401 \(Unauthorized\)/ });
  await page.goto(`${stage.system.url}/console/`);
  await page.getByLabel('E-mail').fill('orang.dengan.nama.panjang@sapa.example');
  await eyes.screen(page, 'login');
  await page.getByLabel('Kata sandi').fill('keliru sekali');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await eyes.screen(page, 'login refused', DESK);
}

/** A conversation about somebody with a long record: the agent says himself whom it is about. */
async function conversation(stage, eyes, agent) {
  const { page } = agent;
  await agent.work('Siap menerima');
  const citizen = await citizenOf(stage);
  await citizen.open();
  await citizen.say('insentif saya dikembalikan bank, saya mau bicara dengan petugas');
  await citizen.press('Bicara petugas').catch(() => undefined);
  await page.locator('[data-row]').first().click();
  await agent.box.waitFor();
  await agent.reply('Selamat siang. Bisa minta nama lengkapnya?');
  await citizen.say('Tutik');
  await agent.note('Suaminya ikut bicara.');
  await agent.tab('Data');
  await eyes.screen(page, 'conversation without a record');
  await agent.side.getByRole('button', { name: 'Cari peserta' }).click();
  await agent.dialog.getByRole('searchbox').fill('tutik purwa');
  await agent.dialog.getByText(TUTIK.name).first().waitFor();
  await eyes.screen(page, 'dialog whom it is about', DESK);
  await agent.dialog.getByText(TUTIK.name).first().click();
  await agent.dialog.getByLabel('Alasan').fill('Menyebut nama dan tanggal lahirnya');
  await agent.finish('Hubungkan');
  await agent.side.getByText('Perjalanan').waitFor();
  await eyes.screen(page, 'conversation with the record');
  await makeTicket(agent, { priority: '2 · Tinggi', text: 'Insentif dikembalikan bank.' });
  for (const tab of ['Tiket', 'Riwayat', 'Pengetahuan']) {
    await agent.tab(tab);
    await until(`the tab ${tab}`, async () => (await agent.side.locator('.body [aria-busy=true], .body .skeleton').count()) === 0);
    await eyes.screen(page, `conversation tab ${tab}`);
  }
}

async function dialogs(eyes, agent) {
  const { page } = agent;
  const close = async () => {
    await page.keyboard.press('Escape');
    await agent.dialog.waitFor({ state: 'detached' });
  };
  const opened = async (name, open, options) => {
    await open();
    await agent.dialog.waitFor();
    await eyes.screen(page, `dialog ${name}`, options);
    await close();
  };
  await agent.tab('Data');
  await opened('remedy', () => agent.side.getByRole('button', { name: 'Ganti rekening insentif' }).click(), DESK);
  await opened('unmask', () => agent.side.getByRole('button', { name: /^Tampilkan NIK/ }).click(), DESK);
  await opened('ticket', () => page.getByRole('button', { name: 'Buat tiket' }).first().click());
  await opened('assign', () => page.getByRole('button', { name: 'Serahkan' }).click());
  await opened('end', () => page.getByRole('button', { name: 'Akhiri', exact: true }).click());
  await agent.box.blur();
  await opened('shortcuts', () => page.keyboard.press('?'));
  await opened('palette', () => page.keyboard.press('Control+k'));
  await agent.tab('Tiket');
  await opened('ticket resolve', () => agent.side.getByRole('button', { name: 'Selesaikan', exact: true }).click(), DESK);
  await agent.box.fill('/');
  await page.getByRole('listbox').waitFor();
  await eyes.screen(page, 'canned replies');
  await agent.box.fill('');
  await page.getByRole('navigation').getByRole('button', { name: /: / }).click();
  await page.getByRole('menu').waitFor();
  await eyes.screen(page, 'presence menu');
  await page.keyboard.press('Escape');
}

const go = (agent, door) => agent.page.getByRole('navigation').getByRole('link', { name: door, exact: true }).click();

async function lists(eyes, agent) {
  const { page } = agent;
  const rows = page.locator('[data-row]');
  await page.getByRole('tab', { name: /^Semua/ }).click();
  await page.locator('#rows :is(li, h2, h3)').first().waitFor();
  await eyes.screen(page, 'inbox, all', DESK);
  await page.getByRole('button', { name: 'Percakapan selesai' }).click();
  await rows.nth(1).click();
  await agent.thread.locator('article').first().waitFor();
  await eyes.screen(page, 'inbox, ended');
  await go(agent, 'Tiket');
  await page.getByRole('tab', { name: /^Semua/ }).click();
  await rows.first().waitFor();
  await eyes.screen(page, 'tickets');
  await rows.first().click();
  await page.getByText('Riwayat tiket').waitFor();
  await eyes.screen(page, 'ticket');
}

async function searches(eyes, agent) {
  const { page } = agent;
  await go(agent, 'Peserta');
  await page.getByRole('searchbox').fill('wulandari');
  await page.getByText(WULANDARI.name).first().waitFor();
  await eyes.screen(page, 'people');
  await page.getByText(WULANDARI.name).first().click();
  await page.getByRole('button', { name: 'Warga menelepon' }).click();
  await eyes.screen(page, 'person, the reason');
  await page.getByRole('button', { name: 'Buka data' }).click();
  await page.getByText('Perjalanan').waitFor();
  await eyes.screen(page, 'person');
  await go(agent, 'Pengetahuan');
  await page.locator('main a[href^="/console/knowledge/"]').first().click();
  await page.locator('main article, main .prose, main h2').first().waitFor();
  await eyes.screen(page, 'knowledge');
  await go(agent, 'Pengaturan');
  await page.getByText('Tampilan dan suara').waitFor();
  await eyes.screen(page, 'settings');
  await page.goto(`${agent.url}/console/tidak/ada`);
  await page.getByText('Halaman tidak ditemukan').waitFor();
  await eyes.screen(page, 'not found', DESK);
}

/** What only others than agents see. */
async function officers(stage, eyes) {
  const approver = await staffOf(stage, 'approver');
  await approver.page.goto(`${approver.url}/console/approvals?state=done`);
  await approver.page.locator('main a[href^="/console/approvals/"]').first().or(approver.page.getByText('Belum ada keputusan')).waitFor();
  await eyes.screen(approver.page, 'approvals');
  const row = approver.page.locator('main a[href^="/console/approvals/"]').first();
  if (await row.count()) {
    await row.click();
    await approver.page.getByText('Diminta oleh').waitFor();
    await eyes.screen(approver.page, 'approval');
  }
  const supervisor = await staffOf(stage, 'supervisor');
  await supervisor.page.goto(`${supervisor.url}/console/failed`);
  await supervisor.page.getByRole('heading').first().waitFor();
  await eyes.screen(supervisor.page, 'failed messages');
  await supervisor.page.goto(`${supervisor.url}/console/people/019b76da-a800-7000-8000-000000000001`);
  await supervisor.page.getByRole('button', { name: 'Menangani tiket' }).click();
  await supervisor.page.getByRole('button', { name: 'Buka data' }).click();
  await supervisor.page.getByRole('button', { name: 'Siapa pernah membuka data ini' }).click();
  await supervisor.dialog.waitFor();
  await eyes.screen(supervisor.page, 'who has read the record');
  const admin = await staffOf(stage, 'admin');
  await admin.page.goto(`${admin.url}/console/knowledge/new`);
  await admin.page.getByLabel('Judul').waitFor();
  await eyes.screen(admin.page, 'knowledge, a new article');
}

async function onAPhone(stage, eyes) {
  const PHONE = { sizes: ['phone'] };
  const phone = await staffOf(stage, 'agent', { nth: 1, name: 'phone', size: 'phone' });
  const { page } = phone;
  await page.locator('[data-row]').first().click();
  await phone.box.waitFor();
  await page.getByRole('button', { name: 'Tindakan lain' }).click();
  await eyes.screen(page, 'on a phone, more acts', PHONE);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /panel/ }).click();
  await phone.side.getByText('Perjalanan').waitFor();
  await eyes.screen(page, 'on a phone, the record', PHONE);
  await phone.side.getByRole('button', { name: 'Ganti rekening insentif' }).click();
  await phone.dialog.getByLabel('Bank atau dompet digital').selectOption({ label: 'Bank Lentera Desa' });
  await phone.dialog.getByLabel('Nomor rekening').fill('7700998877');
  await phone.dialog.getByLabel('Nama pemilik').fill('Kusnadi Hartono');
  await phone.dialog.locator('table').waitFor();
  await eyes.screen(page, 'on a phone, a remedy', PHONE);
  await page.keyboard.press('Escape');
}

async function wall(stage) {
  const eyes = new Inspector(stage);
  const { page } = await wallOf(stage);
  await eyes.screen(page, 'wallboard', { sizes: ['phone', 'desk', 'wall'] });
  await page.getByRole('button', { name: 'Ganti terang atau gelap' }).click();
  await eyes.screen(page, 'wallboard in the light', { sizes: ['wall'] });
  check('the wallboard scrolls', await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight));
  await page.locator('.headline button').first().click();
  await page.getByRole('dialog').waitFor();
  await eyes.screen(page, 'wallboard formula', { sizes: ['wall'] });
  const reader = await wallOf(stage, 'wallboard reader', { name: 'reader' });
  await eyes.screen(reader.page, 'wallboard of a reader', { sizes: ['wall'] });
  eyes.end();
}

async function phonePage(stage) {
  const eyes = new Inspector(stage);
  const page = await stage.person('stand-in');
  await page.goto(stage.system.carrier);
  await page.getByRole('button', { name: new RegExp(WULANDARI.name) }).click();
  await page.getByRole('tab', { name: 'WhatsApp' }).click();
  await page.locator('#text').fill('halo min');
  await page.keyboard.press('Enter');
  await page.locator('#messages li').nth(1).waitFor();
  await eyes.screen(page, 'stand-in');
  await eyes.focus(page, 'the stand-in', 20);
  eyes.end();
}

async function focus(stage) {
  const eyes = new Inspector(stage);
  const agent = await staffOf(stage, 'agent', { nth: 1 });
  for (const path of ['inbox?list=ended', 'tickets', 'people', 'knowledge', 'settings']) {
    await agent.page.goto(`${agent.url}/console/${path}`);
    await agent.page.getByRole('heading', { level: 1 }).waitFor();
    await eyes.focus(agent.page, path, 22);
  }
  eyes.end();
}
