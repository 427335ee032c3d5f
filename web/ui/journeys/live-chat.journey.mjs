import { letter, picture } from './picture.mjs';
import { carrierOf, citizenOf, staffOf, wallOf, WULANDARI } from './people.mjs';
import { askReissue, endConversation, includesAll, makeTicket, onTheWall, prove, relinkAccount, resolveTicket } from './steps.mjs';
import { check, same, until } from './until.mjs';

export default [{ name: 'live chat: a returned incentive is put right, from the first line to the rating', run: mainJob }];

async function mainJob(stage) {
  const carrier = carrierOf(stage);
  stage.now('the staff sign in and the supervisor opens the wallboard');
  const [agent, approver, wall] = await Promise.all([staffOf(stage, 'agent'), staffOf(stage, 'approver'), wallOf(stage)]);
  await wall.page.evaluate(() => (window.notReloaded = true));
  const citizen = await citizenOf(stage);

  await askTheBot(stage, citizen, carrier);
  const waiting = await askForAPerson(stage, citizen, agent, wall);
  await seeTheCase(stage, agent);
  await talk(stage, citizen, agent, () => onTheWall('one less waiting', wall, (now) => now.waiting === waiting));
  await attach(stage, citizen, agent);
  const ticket = await repair(stage, citizen, agent, approver);
  await readHistories(stage, agent, approver, ticket);
  await rate(stage, citizen, agent, wall);
  check('the wallboard was reloaded', await wall.page.evaluate(() => window.notReloaded));
}

async function askTheBot(stage, citizen, carrier) {
  stage.now('the citizen asks in everyday Indonesian and the bot answers from the knowledge base');
  await citizen.open();
  await citizen.say('min insentif sy blm cair pdhl udh selesai pelatihan');
  await citizen.hears('Insentif Rp600.000 dikirim setelah', 'bot');
  await citizen.stands(/bot/);
  stage.now('the citizen proves who they are and the bot answers from the record');
  await prove(citizen, carrier, WULANDARI);
  const fact = await (await citizen.hears('dikembalikan', 'bot')).textContent();
  includesAll('the answer from the record', fact, ['Rp600.000', 'nama', /\d{1,2} \p{L}+ 20\d\d/u]);
  for (const line of await citizen.lines()) check(`the bot asked for the NIK: ${line}`, !/^bot: .*(tulis|kirim|masukkan|sebutkan) NIK/i.test(line.replace(/tidak perlu menulis NIK/i, '')));
}

async function askForAPerson(stage, citizen, agent, wall) {
  stage.now('the citizen asks for a person and sees their place in the queue');
  const before = await wall.read();
  await citizen.press('Bicara petugas');
  await citizen.stands(/Menunggu petugas, urutan ke-\d+/);
  await onTheWall('one more waiting', wall, (now) => now.waiting === before.waiting + 1);
  stage.now('an agent becomes available and is given the conversation');
  await agent.work('Siap menerima');
  await agent.row(WULANDARI.name).waitFor();
  await citizen.stands(/Anda berbicara dengan .*, petugas/);
  await onTheWall('one more agent with a citizen', wall, (now) => now.serving === before.serving + 1);
  return before.waiting;
}

async function seeTheCase(stage, agent) {
  stage.now('the console shows who it is, the record, the fault, and what to say');
  await agent.take(WULANDARI.name);
  const head = await agent.page.getByRole('region', { name: 'Percakapan', exact: true }).locator('header').first().innerText();
  includesAll('the head of the thread', head, ['Terbukti OTP', 'Insentif belum cair']);
  includesAll('the row', await agent.row(WULANDARI.name).innerText(), ['ind']);
  await agent.thread.getByText('min insentif sy blm cair').waitFor();
  await agent.page.locator('details.bot summary').click();
  await agent.page.locator('details.bot li', { hasText: 'dikembalikan' }).first().waitFor();
  const fault = agent.side.getByRole('region', { name: 'Temuan' });
  includesAll('the diagnosed fault', await fault.innerText(), ['Rp600.000', 'nama pemilik rekening', 'Ganti rekening insentif']);
  includesAll('the record', await agent.side.innerText(), ['Perjalanan', 'Rekening pencairan', 'Hadir', 'Pelatihan', 'Kota Semarang', /\*{6,}\d{4}/]);
  await agent.tab('Pengetahuan');
  await agent.side.getByRole('button', { name: /insentif/i }).first().waitFor();
  await agent.tab('Riwayat');
  await agent.side.getByRole('tabpanel', { name: 'Riwayat' }).locator('li, p').first().waitFor();
}

async function talk(stage, citizen, agent, answered) {
  stage.now('typing shows on both sides');
  await citizen.box.pressSequentially('halo bu');
  await agent.thread.getByText(`${WULANDARI.name} sedang mengetik`).waitFor();
  await citizen.box.press('Enter');
  await agent.bubble('halo bu').waitFor();
  await agent.box.pressSequentially('Selamat');
  await citizen.panel.locator('.typing', { hasText: 'sedang mengetik' }).waitFor();
  stage.now('messages say how far they got, on both sides');
  await agent.reply('Selamat siang, saya bantu ya.');
  await citizen.hears('saya bantu ya', 'agent');
  await answered();
  await agent.delivered('saya bantu ya', 'Dibaca');
  await citizen.log.locator('li.me', { hasText: 'halo bu' }).getByText('Dibaca').waitFor();
  stage.now('a private note stays with the staff');
  await agent.note('Cek KTP dulu sebelum ganti rekening.');
  check('the note does not look like one', (await agent.bubble('Cek KTP dulu').getAttribute('class')).includes('note'));
  stage.now('a canned reply is chosen with the slash');
  await agent.page.getByRole('tab', { name: 'Balasan' }).click();
  await agent.box.fill('/bukti-rek');
  await agent.page.getByRole('option', { name: /bukti-rekening/ }).waitFor();
  await agent.box.press('Enter');
  await until('the canned reply in the field', async () => /buku tabungan/.test(await agent.box.inputValue()));
  await agent.box.press('Control+Enter');
  await citizen.hears('buku tabungan', 'agent');
  for (const line of await citizen.lines()) check('the citizen sees the private note', !line.includes('Cek KTP'));
}

async function attach(stage, citizen, agent) {
  stage.now('the citizen sends a photo and the agent sees it');
  const [chooser] = await Promise.all([citizen.page.waitForEvent('filechooser'), citizen.panel.getByRole('button', { name: 'Lampirkan berkas' }).click()]);
  await chooser.setFiles({ name: 'buku-tabungan.png', mimeType: 'image/png', buffer: picture() });
  await until('the upload to end', async () => (await citizen.panel.locator('.tray li').count()) === 1 && (await citizen.panel.locator('.tray progress').count()) === 0);
  await citizen.say('ini fotonya');
  const photo = agent.bubble('ini fotonya').getByRole('img', { name: 'buku-tabungan.png' });
  await until('the photo on the agent’s screen', () => photo.evaluate((img) => img.complete && img.naturalWidth > 0));
  stage.now('the agent sends a document and the citizen can open it');
  await agent.attach('panduan.pdf', 'application/pdf', letter());
  await agent.reply('Ini panduannya.');
  const link = citizen.log.getByRole('link', { name: /panduan\.pdf/ });
  await link.waitFor();
  const address = await link.getAttribute('href');
  check(`the file is served from the desk’s own origin: ${address}`, !address.startsWith(stage.system.url));
  same('the file opens', (await fetch(address)).status, 200);
}

async function repair(stage, citizen, agent, approver) {
  stage.now('a ticket is made and its number goes to the citizen');
  const ticket = await makeTicket(agent, { priority: '2 · Tinggi', text: 'Insentif dikembalikan bank karena nama rekening berbeda.' });
  await citizen.hears(ticket, 'system');
  stage.now('the payout account is linked again, with evidence');
  const link = await relinkAccount(agent, WULANDARI, { file: 'buku-tabungan.png' });
  check(`before and after: ${JSON.stringify(link)}`, Object.values(link).some(([before, after]) => before === 'KUSNADI HARTONO' && after.toUpperCase() === WULANDARI.name.toUpperCase()));
  await agent.side.getByText('Bank Lentera Desa').first().waitFor();
  stage.now('the money is asked to be sent again; whoever asks cannot approve');
  await askReissue(agent);
  await agent.side.getByRole('link', { name: /Menunggu persetujuan/ }).click();
  await agent.page.getByText(/tidak boleh menyetujui|permintaan(nya)? sendiri/).waitFor();
  same('buttons of approval for the one who asked', await agent.page.getByRole('button', { name: /^Setujui/ }).count(), 0);
  await agent.page.goBack();
  await agent.tab('Data');
  stage.now('a second person approves');
  await approver.page.getByRole('link', { name: 'Persetujuan' }).click();
  await approver.page.getByRole('link', { name: /Kirim ulang insentif/ }).filter({ hasText: WULANDARI.name }).click();
  await approver.page.getByRole('button', { name: /Setujui Rp\s?600\.000/ }).click();
  await approver.told(/Disetujui/);
  await agent.side.getByText('Diperintahkan').first().waitFor();
  stage.now('the ticket is resolved with outcome, cause and public answer');
  await resolveTicket(agent, { outcome: 'Data diperbaiki', cause: 'Rekening tidak sesuai', answer: 'Rekening sudah diganti dan insentif dikirim ulang.' });
  await citizen.hears('insentif dikirim ulang');
  return ticket;
}

async function readHistories(stage, agent, approver, ticket) {
  stage.now('both histories say who, when, why, before and after');
  await agent.tab('Tiket');
  for (const summary of await agent.side.locator('details summary').all()) await summary.click();
  const told = await agent.side.innerText();
  includesAll('the ticket’s history', told, [ticket, agent.name, 'Rekening baru atas nama sendiri', 'KUSNADI HARTONO', /WULANDARI|Wulandari/, 'Terselesaikan']);
  await agent.tab('Data');
  for (const summary of await agent.side.locator('details summary').all()) await summary.click();
  includesAll('the record’s history', await agent.side.innerText(), ['Ganti rekening insentif', 'Kirim ulang insentif', agent.name, `disetujui ${approver.name}`, 'KUSNADI HARTONO', 'Dikembalikan bank karena nama']);
}

async function rate(stage, citizen, agent, wall) {
  stage.now('the conversation ends and the citizen rates it in the chat');
  const before = await wall.read();
  await endConversation(agent, 'Selesai');
  const card = citizen.panel.locator('form.card');
  await card.waitFor();
  await card.getByRole('radio', { name: '5 / 5' }).check({ force: true });
  await card.getByRole('textbox').fill('cepat dan ramah');
  await card.getByRole('button', { name: 'Kirim penilaian' }).click();
  await citizen.hears('Terima kasih atas penilaian Anda', 'system');
  await card.waitFor({ state: 'detached' });
  await onTheWall('the rating', wall, (now) => now.ratings === before.ratings + 1);
  await agent.page.getByText('Nilai 5 dari 5').waitFor();
}
