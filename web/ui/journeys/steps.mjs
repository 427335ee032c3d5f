import { check, SLACK, until } from './until.mjs';

/** Acts that several journeys share. */

/** The bot asks for the phone, sends a code by SMS and, as it is about money, asks for one fact of the record. */
export async function prove(citizen, carrier, person) {
  await citizen.press('Lihat data saya');
  await citizen.hears('Tulis nomor HP');
  const mark = await carrier.mark();
  await citizen.say(person.typed);
  await citizen.hears('kode 6 angka');
  await citizen.say(await carrier.code(person.phone, mark));
  await citizen.hears('tanggal dan bulan lahir');
  await citizen.say(person.born);
}

/** The wallboard must show it within two seconds of now, without a reload. */
export async function onTheWall(what, wall, ask) {
  await until(`the wallboard to show ${what}`, async () => {
    const now = await wall.read();
    if (ask(now)) return true;
    throw new Error(JSON.stringify(now));
  }, { within: 2000 * SLACK });
}

/** Makes a ticket from the open conversation and returns its number. */
export async function makeTicket(agent, { priority, text }) {
  await agent.page.getByRole('button', { name: 'Buat tiket' }).first().click();
  await agent.dialog.waitFor();
  await agent.fill({ Kategori: 'Insentif belum diterima', Jenis: 'Pengaduan' });
  await agent.fill({ Prioritas: priority, 'Perlu pemeriksaan perilaku?': 'Tidak berkadar pengawasan', 'Isi laporan': text });
  await agent.finish('Buat tiket');
  const told = await agent.told(/^Tiket .* dibuat/);
  return /Tiket (\S+) dibuat/.exec(told)[1];
}

/** Links another account in the holder's own name, proved by a file the citizen has sent. */
export async function relinkAccount(agent, person, { file, bank = 'Bank Lentera Desa', number = '7700112233' }) {
  await agent.tab('Data');
  await agent.side.getByRole('button', { name: 'Ganti rekening insentif' }).click();
  await agent.fill({ 'Bank atau dompet digital': bank, 'Nomor rekening': number, 'Nama pemilik': person.name, 'Alasan perubahan': 'Rekening baru atas nama sendiri, sesuai buku tabungan.' });
  if (file) {
    const evidence = agent.dialog.getByRole('group', { name: 'Bukti' });
    await evidence.locator('li', { hasText: file }).getByRole('button', { name: 'Pakai' }).click();
  } else {
    const picked = agent.page.waitForEvent('filechooser');
    await agent.dialog.getByRole('button', { name: 'Unggah berkas' }).click();
    const { picture } = await import('./picture.mjs');
    await (await picked).setFiles({ name: 'buku-tabungan.png', mimeType: 'image/png', buffer: picture() });
    await agent.dialog.getByRole('button', { name: 'Lepas' }).waitFor();
  }
  const changes = await beforeAndAfter(agent);
  await agent.finish('Terapkan perubahan');
  await agent.told(/Ganti rekening insentif: sudah diterapkan/);
  return changes;
}

/** The table of the open remedy dialog: label -> [before, after]. */
export async function beforeAndAfter(agent) {
  await agent.dialog.locator('table').waitFor();
  return Object.fromEntries(await agent.dialog.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [
    row.querySelector('th').textContent, [row.querySelector('.old').textContent, row.querySelector('.new').firstChild.textContent],
  ])));
}

/** Asks for the returned money to be sent again; a second person must approve. */
export async function askReissue(agent) {
  const button = agent.side.getByRole('button', { name: 'Kirim ulang insentif' });
  await until('the re-issue to be offered', () => button.isEnabled());
  await button.click();
  await agent.fill({ 'Alasan perubahan': 'Dikembalikan bank karena nama; rekening sudah dibetulkan.' });
  await agent.dialog.getByText(/Perlu disetujui/).waitFor();
  const changes = await beforeAndAfter(agent);
  await agent.finish('Minta persetujuan');
  await agent.told(/menunggu persetujuan/);
  return changes;
}

/** Settles the ticket shown in the side panel. */
export async function resolveTicket(agent, { outcome, cause, answer }) {
  await agent.tab('Tiket');
  await agent.side.getByRole('button', { name: 'Selesaikan', exact: true }).click();
  await agent.dialog.waitFor();
  await agent.fill({ Hasil: outcome, 'Akar masalah': cause, Jawaban: answer });
  await agent.finish('Selesaikan');
  await agent.side.getByText('Terselesaikan').first().waitFor();
}

export async function endConversation(agent, outcome) {
  await agent.page.getByRole('button', { name: 'Akhiri', exact: true }).first().click();
  await agent.dialog.getByRole('radio', { name: outcome, exact: true }).check();
  await agent.finish('Akhiri');
}

export function includesAll(what, text, parts) {
  for (const part of parts) check(`${what} lacks ${part}: ${text.replace(/\s+/g, ' ').slice(0, 600)}`, part instanceof RegExp ? part.test(text) : text.includes(part));
}
