import { letter, picture } from './picture.mjs';
import { AGUS, carrierOf, staffOf, wallOf } from './people.mjs';
import { askReissue, endConversation, includesAll, makeTicket, onTheWall, relinkAccount, resolveTicket } from './steps.mjs';
import { check, same, until } from './until.mjs';

export default [{ name: 'WhatsApp: the same road in Javanese, ticket number and rating included', run: whatsapp }];

/** A citizen's WhatsApp, driven through the stand-in: what is written goes in by signed webhook, what comes is what the desk called for. */
class Phone {
  constructor(carrier, number) {
    Object.assign(this, { carrier, number, from: 0 });
  }

  async write(body, more = {}) {
    this.from = await this.carrier.mark();
    const message = await this.carrier.write(this.number, body, more);
    same('the webhook of an inbound message', message.webhooks?.at(-1)?.status, 200);
    return message;
  }

  hears(match, channel = 'whatsapp') {
    return this.carrier.wait(this.number, { channel, after: this.from, match });
  }

  press(message, payload) {
    const button = message.buttons?.find((one) => one.payload === payload);
    check(`no button ${payload} under "${message.body}"`, button);
    return this.write(button.text, { button, reply_to: message.sid });
  }
}

async function whatsapp(stage) {
  const carrier = carrierOf(stage);
  const phone = new Phone(carrier, AGUS.phone);
  stage.now('the staff sign in');
  const [agent, approver, wall] = await Promise.all([staffOf(stage, 'agent'), staffOf(stage, 'approver'), wallOf(stage)]);
  await agent.work('Siap menerima');
  await askTheBot(stage, phone, carrier);
  await askForAPerson(stage, phone, agent, wall);
  await talk(stage, phone, agent);
  await repair(stage, phone, agent, approver);
  await rate(stage, phone, agent, wall);
}

async function askTheBot(stage, phone, carrier) {
  stage.now('the bot answers a Javanese question in Javanese and offers to look at the record');
  await phone.write('nyuwun sewu min, insentif kula kok dereng mlebet nggih, pelatihan sampun rampung', { name: 'Agus' });
  await phone.hears(/Insentif Rp600\.000 dikirim sawise/);
  const offer = await phone.hears(/priksakake data/);
  stage.now('the citizen proves who they are');
  await phone.press(offer, 'bot.record');
  await phone.hears(/kode 6 angka/);
  await phone.write(await carrier.code(phone.number, phone.from));
  await phone.hears(/tanggal lan sasi lair/);
  stage.now('the bot answers from the record');
  await phone.write(AGUS.born);
  includesAll('the answer from the record', (await phone.hears(/dipunwangsulaken|dibalekake/)).body, ['Rp600.000', 'dipuntutup', /20\d\d/]);
}

async function askForAPerson(stage, phone, agent, wall) {
  stage.now('the citizen asks for a person and is given to an agent who speaks the language');
  const before = await wall.read();
  await phone.write('guneman petugas');
  await phone.hears(/petugas/i);
  await agent.row(AGUS.name).waitFor();
  await onTheWall('one more agent with a citizen', wall, (now) => now.serving === before.serving + 1);
  await agent.take(AGUS.name);
  includesAll('the row', await agent.row(AGUS.name).innerText(), ['jav']);
  await agent.side.getByRole('region', { name: 'Temuan' }).getByText(/ditutup/).waitFor();
}

async function talk(stage, phone, agent) {
  stage.now('messages go both ways and say how far they got');
  await agent.reply('Sugeng siang Pak Agus, kula bantu nggih.');
  await phone.hears(/Sugeng siang Pak Agus/);
  await agent.delivered('Sugeng siang', 'Sampai');
  await phone.carrier.read(phone.number);
  await agent.delivered('Sugeng siang', 'Dibaca');
  stage.now('a private note is not sent');
  await agent.note('Rekening lama sudah ditutup bank.');
  stage.now('files go both ways');
  await phone.write('niki buku tabungan kula', { media: [{ name: 'buku.png', content_type: 'image/png', data: picture().toString('base64') }] });
  const photo = agent.bubble('niki buku tabungan').locator('img');
  await until('the photo on the agent’s screen', () => photo.evaluate((img) => img.complete && img.naturalWidth > 0));
  await agent.attach('panduan.pdf', 'application/pdf', letter());
  await agent.reply('Menika panduanipun.');
  const sent = await phone.hears(/panduanipun/);
  same('files that reached the phone', sent.media?.length, 1);
  for (const { body } of await phone.carrier.messages(phone.number, 'whatsapp')) check('the private note reached the phone', !body.includes('Rekening lama'));
}

async function repair(stage, phone, agent, approver) {
  stage.now('the ticket number goes out on WhatsApp');
  phone.from = await phone.carrier.mark();
  const ticket = await makeTicket(agent, { priority: '3 · Biasa', text: 'Insentif dikembalikan karena rekening ditutup.' });
  await phone.hears(new RegExp(ticket));
  stage.now('the account is replaced and the money sent again, by two people');
  await relinkAccount(agent, AGUS, { number: '7700445566' });
  await askReissue(agent);
  await approver.page.getByRole('link', { name: 'Persetujuan' }).click();
  await approver.page.getByRole('link', { name: /Kirim ulang insentif/ }).filter({ hasText: AGUS.name }).click();
  await approver.page.getByRole('button', { name: /Setujui Rp\s?600\.000/ }).click();
  await agent.side.getByText('Diperintahkan').first().waitFor();
  stage.now('the public answer goes out on WhatsApp');
  await resolveTicket(agent, { outcome: 'Data diperbaiki', cause: 'Rekening tidak sesuai', answer: 'Rekening sampun dipungantos.' });
  await phone.hears(/Rekening sampun dipungantos/);
}

async function rate(stage, phone, agent, wall) {
  stage.now('the conversation ends and is rated by a number');
  const before = await wall.read();
  phone.from = await phone.carrier.mark();
  await endConversation(agent, 'Selesai');
  await phone.hears(/1 .*5|\b5\b/s);
  await phone.write('5');
  await phone.hears(/nuwun|terima kasih/i);
  await onTheWall('the rating', wall, (now) => now.ratings === before.ratings + 1);
  await agent.page.getByText('Nilai 5 dari 5').waitFor();
}
