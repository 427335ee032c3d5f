import { citizenOf, staffOf } from './people.mjs';
import { check, same, until } from './until.mjs';

export default [
  { name: 'a visitor who reloads in mid-chat keeps everything', run: reload },
  { name: 'what both write while the visitor is offline arrives once and in order', run: visitorOffline },
  { name: 'what both write while the agent is offline arrives once and in order', run: agentOffline },
];

/** A conversation between a visitor and an agent, without the bot's verification. */
async function connected(stage) {
  const agent = await staffOf(stage, 'agent');
  await agent.work('Siap menerima');
  const citizen = await citizenOf(stage);
  await citizen.open();
  await citizen.say('saya mau bicara dengan petugas');
  await citizen.stands(/Anda berbicara dengan .*, petugas/);
  await agent.page.locator('[data-row]').first().click();
  await agent.box.waitFor();
  await agent.reply('Ada yang bisa dibantu?');
  await citizen.hears('Ada yang bisa dibantu', 'agent');
  return { agent, citizen };
}

/** What the visitor sees of a conversation, and what the agent sees, as lists of texts that are among those looked for. */
const seen = (lines, texts) => lines.flatMap((line) => texts.filter((text) => line.includes(text)));
const bubbles = (agent) => agent.thread.locator('article .text').allTextContents();

async function reload(stage) {
  stage.now('a chat with the bot, and half a sentence not yet sent');
  const citizen = await citizenOf(stage);
  await citizen.open();
  await citizen.say('kapan gelombang baru dibuka');
  await citizen.hears('gelombang', 'bot');
  const offered = citizen.panel.locator('.quick button');
  await offered.first().waitFor();
  const [before, buttons] = [await citizen.lines(), await offered.allTextContents()];
  await citizen.box.fill('terus saya harus');
  stage.now('after a reload the same lines, buttons and half sentence are there');
  await citizen.page.reload();
  await citizen.page.getByRole('button', { name: 'Mulai obrolan' }).click();
  await until('the lines to be back', async () => (await citizen.lines()).length >= before.length);
  same('the lines after the reload', await citizen.lines(), before);
  await offered.first().waitFor();
  same('the offered answers after the reload', await offered.allTextContents(), buttons);
  same('the half sentence after the reload', await citizen.box.inputValue(), 'terus saya harus');
  stage.now('a message sent right before a reload is there once');
  await citizen.box.fill('pesan sebelum muat ulang');
  await citizen.box.press('Enter');
  await citizen.page.reload();
  await citizen.page.getByRole('button', { name: 'Mulai obrolan' }).click();
  await citizen.confirmed('pesan sebelum muat ulang');
  same('copies of the message', seen(await citizen.lines(), ['pesan sebelum muat ulang']).length, 1);
}

async function visitorOffline(stage) {
  stage.now('a visitor talks with an agent');
  const { agent, citizen } = await connected(stage);
  const context = citizen.page.context();
  stage.now('the visitor’s line goes down; both write');
  await context.setOffline(true);
  const mine = ['warga satu', 'warga dua', 'warga tiga'];
  for (const text of mine) {
    await citizen.box.fill(text);
    await citizen.box.press('Enter');
  }
  const theirs = ['petugas satu', 'petugas dua'];
  for (const text of theirs) await agent.reply(text);
  same('what the visitor got without a line', seen(await citizen.lines(), theirs), []);
  await citizen.panel.getByText('Tidak ada sambungan').waitFor();
  stage.now('the line is back');
  await context.setOffline(false);
  for (const text of mine) await citizen.confirmed(text);
  for (const text of theirs) await citizen.hears(text, 'agent');
  for (const text of mine) await agent.bubble(text).waitFor();
  same('the visitor’s lines at the visitor', seen(await citizen.lines(), mine), mine);
  same('the agent’s lines at the visitor', seen(await citizen.lines(), theirs), theirs);
  same('the visitor’s lines at the agent', seen(await bubbles(agent), mine), mine);
  await citizen.panel.getByText('Tidak ada sambungan').waitFor({ state: 'hidden' });
}

async function agentOffline(stage) {
  stage.now('a visitor talks with an agent');
  const { agent, citizen } = await connected(stage);
  const context = agent.page.context();
  stage.now('the agent’s line goes down; both write');
  await context.setOffline(true);
  const theirs = ['petugas di terowongan', 'masih di terowongan'];
  for (const text of theirs) {
    await agent.box.fill(text);
    await agent.box.press('Control+Enter');
    await agent.bubble(text).waitFor();
  }
  const mine = ['warga menunggu', 'warga masih menunggu'];
  for (const text of mine) await citizen.say(text);
  await agent.page.getByText('Sambungan terputus').waitFor();
  check('the console lacks the number of waiting messages', await agent.page.getByText('2 pesan menunggu').isVisible());
  same('what the visitor got while the agent was away', seen(await citizen.lines(), theirs), []);
  stage.now('the line is back');
  await context.setOffline(false);
  for (const text of theirs) await citizen.hears(text, 'agent');
  for (const text of mine) await agent.bubble(text).waitFor();
  for (const text of theirs) await agent.delivered(text, 'Dibaca');
  same('the agent’s lines at the visitor', seen(await citizen.lines(), theirs), theirs);
  same('the visitor’s lines at the agent', seen(await bubbles(agent), mine), mine);
  same('the agent’s lines at the agent', seen(await bubbles(agent), theirs), theirs);
  await agent.page.getByText('Sambungan terputus').waitFor({ state: 'hidden' });
  stage.now('a reload of the console keeps the thread and what was being written');
  await agent.box.fill('draf yang belum selesai');
  await agent.page.getByText('Draf tersimpan').waitFor();
  await agent.page.reload();
  await agent.box.waitFor();
  await until('the draft after the reload', async () => (await agent.box.inputValue()) === 'draf yang belum selesai');
  same('the agent’s lines after the reload', seen(await bubbles(agent), theirs), theirs);
}
