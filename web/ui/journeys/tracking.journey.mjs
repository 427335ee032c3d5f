import { Inspector } from './inspect.mjs';
import { carrierOf, citizenOf, staffOf, YUSUF } from './people.mjs';
import { endConversation, makeTicket, prove, resolveTicket } from './steps.mjs';
import { check, until } from './until.mjs';

export default [{ name: 'tracking: a citizen follows an answered report by its code and reopens it', run: follow }];

const LOOK = { sizes: ['desk', 'phone'], axe: 'phone', full: true };

async function follow(stage) {
  const eyes = new Inspector(stage);
  const citizen = await citizenOf(stage, 'citizen', { size: 'phone', forgives: /422 \(Unprocessable/ });
  const agent = await staffOf(stage, 'agent', { nth: 1 });
  const { number, code } = await report(stage, citizen, agent);
  stage.now('the code stands nowhere in the console');
  check('staff read the code', !(await agent.page.content()).includes(code));
  const { page } = citizen;
  stage.now('the number alone shows nothing, and a wrong code is refused');
  await page.goto(`${citizen.url}/complaints/track?n=${number}`);
  await eyes.screen(page, 'track', LOOK);
  await page.getByLabel('Kode rahasia').fill('3333-3333-3333');
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByRole('alert').getByText('tidak cocok').waitFor();
  await eyes.screen(page, 'track refused', LOOK);
  stage.now('the code opens the report and the citizen reopens it');
  await page.getByLabel('Kode rahasia').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Lihat laporan' }).click();
  await page.getByText('Laporan Anda sudah kami jawab').waitFor();
  await eyes.screen(page, 'case answered', LOOK);
  await page.getByLabel('Apa yang belum beres').fill('Uangnya belum masuk juga');
  await page.getByRole('button', { name: 'Buka lagi laporan' }).click();
  await page.getByRole('status').getByText('Laporan dibuka lagi').waitFor();
  await eyes.screen(page, 'case reopened', LOOK);
  await page.getByRole('button', { name: 'Keluar' }).click();
  await page.getByText('Anda sudah keluar').waitFor();
  await page.goto(`${citizen.url}/complaints/track`);
  check('the report is still open on a shared phone', (await page.getByText('Uangnya belum masuk juga').count()) === 0);
  eyes.end();
}

/** A report that an agent makes and answers; what the citizen reads of it in the chat. */
async function report(stage, citizen, agent) {
  stage.now('an agent makes a report of a chat and answers it');
  await citizen.open();
  await citizen.say('kapan insentif saya cair ya');
  await prove(citizen, carrierOf(stage), YUSUF);
  await citizen.say('saya mau bicara dengan petugas');
  await citizen.stands(/Menunggu petugas/);
  await agent.work('Siap menerima');
  await agent.take(YUSUF.name);
  await agent.reply('Selamat siang, saya catat laporannya.');
  await makeTicket(agent, { priority: '3 · Biasa', text: 'Insentif belum masuk' });
  const told = await (await citizen.hears('Kode rahasia', 'system')).textContent();
  const number = told.match(/SP-\d{4}-\d{4}-\d/)?.[0];
  const code = told.match(/Kode rahasia: (\S{4}-\S{4}-\S{4})/)?.[1];
  check('the acknowledgement lacks number or code', number && code && !code.includes('•'));
  await resolveTicket(agent, { outcome: 'Informasi diberikan', cause: 'Proses terlambat', answer: 'Insentif dikirim besok.' });
  await citizen.hears('Insentif dikirim besok', 'system');
  await endConversation(agent, 'Selesai');
  await until('the conversation to end', () => citizen.panel.getByText('selesai').count());
  return { number, code };
}
