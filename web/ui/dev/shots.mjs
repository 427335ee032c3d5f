// Takes pictures of every screen from the built dist/, answered by mock.ts: node dev/shots.mjs OUT [name-filter]
import { mkdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';

const [out = '/tmp/shots', filter = ''] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const mime = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', woff2: 'font/woff2' };
mkdirSync(out, { recursive: true });

const sizes = { 390: [390, 844], 1280: [1280, 800], 1366: [1366, 768], 1440: [1440, 900], 1920: [1920, 1080], 3840: [3840, 2160] };
const key = (k) => (page) => page.keyboard.press(k);
const tab = (name) => (page) => page.getByRole('tab', { name }).click();
const scenes = [
  { name: 'login', path: '/console/inbox', widths: [390, 1440], out: true },
  { name: 'inbox', path: '/console/inbox/v0', widths: [390, 1280, 1440, 1920] },
  { name: 'inbox-list', path: '/console/inbox', widths: [390, 1440] },
  { name: 'inbox-side', path: '/console/inbox/v0', widths: [390], do: [(p) => p.getByRole('button', { name: /panel/ }).click()] },
  { name: 'inbox-empty', path: '/console/inbox', widths: [390, 1440], scene: 'empty' },
  { name: 'inbox-broken', path: '/console/inbox', widths: [1440], scene: 'broken' },
  { name: 'inbox-long', path: '/console/inbox/v2', widths: [1440], do: [tab('Tiket')] },
  { name: 'inbox-ticket', path: '/console/inbox/v0', widths: [1440], do: [tab(/^Tiket/)] },
  { name: 'inbox-history', path: '/console/inbox/v0', widths: [1440], do: [tab('Riwayat')] },
  { name: 'inbox-knowledge', path: '/console/inbox/v0', widths: [1440], do: [tab('Pengetahuan')] },
  { name: 'inbox-unclaimed', path: '/console/inbox/v11?list=waiting', widths: [1440] },
  { name: 'inbox-window', path: '/console/inbox/v9', widths: [1440] },
  { name: 'macros', path: '/console/inbox/v3', widths: [1440], do: [key('/')] },
  { name: 'remedy', path: '/console/inbox/v0', widths: [390, 1440], do: [async (p) => { if (p.viewportSize().width < 1000) await p.getByRole('button', { name: /panel/ }).click(); await p.getByRole('button', { name: 'Tautkan ulang rekening' }).click(); await p.getByLabel('Bank atau dompet').selectOption('bn'); await p.getByLabel('Nomor rekening').fill('880912'); await p.getByLabel('Nama pemilik').fill('Siti'); await p.waitForTimeout(700); }] },
  { name: 'palette', path: '/console/inbox/v0', widths: [1440], do: [key('Control+k')] },
  { name: 'search', path: '/console/search', widths: [390, 1440], do: [(p) => p.getByRole('searchbox').fill('insentif'), (p) => p.waitForTimeout(500)] },
  { name: 'search-start', path: '/console/search', widths: [390, 1440] },
  { name: 'search-empty', path: '/console/search', widths: [390, 1440], scene: 'empty', do: [(p) => p.getByRole('searchbox').fill('sp-1234-5678-0'), (p) => p.waitForTimeout(500)] },
  { name: 'search-broken', path: '/console/search', widths: [390], scene: 'broken', do: [(p) => p.getByRole('searchbox').fill('siti'), (p) => p.waitForTimeout(3000)] },
  { name: 'search-palette', path: '/console/inbox/v0', widths: [390, 1440], do: [key('Control+k'), (p) => p.getByRole('combobox').fill('insentif'), (p) => p.waitForTimeout(500)] },
  { name: 'search-line', path: '/console/inbox/v0?list=all&line=3', widths: [390, 1440] },
  { name: 'sheet', path: '/console/inbox', widths: [390, 1440], do: [key('?')] },
  { name: 'end', path: '/console/inbox/v3', widths: [1440], do: [key('e')] },
  { name: 'assign', path: '/console/inbox/v3', widths: [390, 1440], do: [key('a')] },
  { name: 'held', path: '/console/inbox/v3', widths: [390, 1440] },
  { name: 'closed-window', path: '/console/inbox/v9', widths: [390, 1440], do: [(p) => p.getByRole('combobox', { name: 'Pesan yang disetujui' }).selectOption('w1')] },
  { name: 'begin', path: '/console/people/p0', widths: [390, 1440], do: [(p) => p.getByRole('button', { name: 'Mulai percakapan' }).click(), (p) => p.getByRole('combobox', { name: 'Pesan yang disetujui' }).selectOption('w1')] },
  { name: 'snooze', path: '/console/inbox/v3', widths: [390, 1440], do: [key('z')] },
  { name: 'snoozed', path: '/console/inbox/v8?list=snoozed', widths: [390, 1440] },
  { name: 'assign-unit', path: '/console/inbox/v3', widths: [1440], do: [key('a'), tab('Unit')] },
  { name: 'make', path: '/console/inbox/v0', widths: [390, 1440], do: [key('t')] },
  { name: 'presence', path: '/console/inbox', widths: [390, 1440], do: [(p) => p.getByRole('button', { name: /Dewi/ }).click()] },
  { name: 'tickets', path: '/console/tickets/k1', widths: [390, 1440] },
  { name: 'tags', path: '/console/inbox/v3', widths: [390, 1440], do: [key('l')] },
  { name: 'mention', path: '/console/inbox/v3', widths: [390, 1440], do: [key('n'), (p) => p.getByRole('textbox').fill('Mohon dicek @sa'), (p) => p.keyboard.press('End'), (p) => p.waitForTimeout(300)] },
  { name: 'mentions', path: '/console/mentions', widths: [390, 1440] },
  { name: 'views', path: '/console/inbox?list=all&tag=g1', widths: [390, 1440], do: [(p) => p.getByRole('button', { name: /Tampilan/ }).click()] },
  { name: 'views-manage', path: '/console/inbox', widths: [390, 1440], do: [(p) => p.getByRole('button', { name: /Tampilan/ }).click(), (p) => p.getByRole('menuitem', { name: /Atur/ }).or(p.getByRole('button', { name: /Atur/ })).first().click()] },
  { name: 'filter', path: '/console/inbox', widths: [390, 1440], do: [key('f')] },
  { name: 'filtered', path: '/console/inbox?list=all&tag=g1,g3&kind=whatsapp&holder=me', widths: [390, 1440] },
  { name: 'settings-tags', path: '/console/settings/tags', widths: [390, 1440] },
  { name: 'settings-tag', path: '/console/settings/tags/g1', widths: [390, 1440] },
  { name: 'tickets-list', path: '/console/tickets', widths: [390, 1440] },
  { name: 'ticket-event', path: '/console/tickets/k1', widths: [1440], do: [(p) => p.getByRole('button', { name: 'Selesaikan', exact: true }).click(), (p) => p.getByRole('dialog').getByRole('button', { name: 'Selesaikan' }).click()] },
  { name: 'people', path: '/console/people', widths: [390, 1440], do: [(p) => p.getByRole('searchbox').fill('siti'), (p) => p.waitForTimeout(500)] },
  { name: 'person', path: '/console/people/p0', widths: [390, 1440, 1920], do: [(p) => p.getByRole('button', { name: 'Warga menelepon' }).click(), (p) => p.getByRole('button', { name: 'Buka data' }).click()] },
  { name: 'person-reason', path: '/console/people/p0', widths: [1440] },
  { name: 'knowledge', path: '/console/knowledge/b1', widths: [390, 1440] },
  { name: 'approvals', path: '/console/approvals/ap1', widths: [390, 1440] },
  { name: 'approvals-empty', path: '/console/approvals', widths: [1440], scene: 'empty' },
  { name: 'failed', path: '/console/failed', widths: [390, 1440] },
  { name: 'settings', path: '/console/settings', widths: [390, 1440], do: [(p) => p.getByRole('button', { name: 'Aktifkan' }).click()] },
  { name: 'wall', path: '/wallboard', widths: [390, 1366, 1920, 3840] },
  { name: 'wall-lost', path: '/wallboard', widths: [1920], lost: true },
  { name: 'wall-empty', path: '/wallboard', widths: [1920], scene: 'empty' },
  { name: 'wall-explain', path: '/wallboard', widths: [1920], do: [(p) => p.getByRole('button', { name: /SL-offered/ }).first().click()] },
  { name: 'wall-load', path: '/wallboard', widths: [390, 1920], do: [(p) => p.locator('.load').first().click()] },
  { name: 'cases', path: '/console/cases?measure=answered&kind=webchat&queue=q1&name=Insentif', widths: [390, 1440, 1920] },
  { name: 'cases-tickets', path: '/console/cases?measure=tickets_breached', widths: [390, 1440] },
  { name: 'cases-empty', path: '/console/cases?measure=abandoned', widths: [390, 1440], scene: 'empty' },
  { name: 'reports', path: '/console/reports?period=7d&by=queue', widths: [390, 1440, 1920] },
  { name: 'offline', path: '/console/inbox/v0', widths: [1440], lost: true },
];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'] });
const faults = [];
for (const s of scenes.filter((one) => one.name.includes(filter))) {
  for (const width of s.widths) {
    for (const theme of ['light', 'dark']) await shoot(s, width, theme);
  }
}
await browser.close();
if (faults.length) {
  console.log(faults.join('\n'));
  process.exitCode = 1;
}

async function shoot(s, width, theme) {
  const started = Date.now();
  const { module: mock } = await runnerImport(join(import.meta.dirname, 'mock.ts'), { configFile: false, logLevel: 'error' });
  const [w, h] = sizes[width];
  const context = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: theme, locale: 'id-ID', timezoneId: 'Asia/Jakarta' });
  const page = await context.newPage();
  page.on('pageerror', (e) => faults.push(`${s.name} ${width}: ${e.message}`));
  page.on('console', (m) => m.type() === 'error' && !/Failed to load resource/.test(m.text()) && faults.push(`${s.name} ${width}: ${m.text()}`));
  await page.route('**/*', (route) => serve(route, s));
  await page.routeWebSocket('**/ws/console*', (ws) => {
    ws.onMessage((text) => {
      const type = JSON.parse(text).type;
      if (type === 'ping') ws.send('{"type":"pong"}');
      if (type === 'hello') ws.send(JSON.stringify({ type: 'welcome', at: new Date().toISOString(), presence: mock.answer('GET', new URL('http://x/api/v1/session'), 'full').body.me.presence, counts: mock.answer('GET', new URL('http://x/api/v1/conversations/counts'), s.scene ?? 'full').body }));
      if (type === 'open' && s.name === 'inbox') ws.send(JSON.stringify({ type: 'typing', conversation: 'v0', who: 'citizen', name: '', on: true }));
    });
    if (s.lost) setTimeout(() => ws.close(), 400);
  });
  page.setDefaultTimeout(6000);
  await page.goto('http://localhost' + s.path);
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(s.lost ? 5000 : s.scene === 'broken' ? 3500 : 350);
  for (const step of s.do ?? []) {
    await step(page).catch((e) => faults.push(`${s.name} ${width}: ${e.message.split('\n')[0]}`));
    await page.waitForTimeout(200);
  }
  await page.waitForTimeout(250);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) faults.push(`${s.name} ${width}: ${wide}px wider than the screen`);
  if (s.name.startsWith('wall') && width > 1000 && (await page.evaluate(() => document.documentElement.scrollHeight > innerHeight))) faults.push(`${s.name} ${width}: scrolls`);
  if (process.env.AXE && theme === process.env.AXE) {
    await page.addScriptTag({ content: readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8') });
    for (const v of await page.evaluate(async () => (await axe.run()).violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary?.split('\n')[1] ?? ''}`).slice(0, 3).join(' | ')}`))) faults.push(`axe ${s.name} ${width} ${theme}: ${v}`);
  }
  await page.screenshot({ path: `${out}/${s.name}-${width}-${theme}.png` });
  await context.close();

  async function serve(route, scene) {
    const url = new URL(route.request().url());
    if (url.pathname.startsWith('/api/')) {
      if (scene.lost && url.pathname.endsWith('socket-ticket') && Date.now() - started > 900) return route.abort();
      if (scene.out && url.pathname === '/api/v1/session') return route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{}' });
      const { status, body } = mock.answer(route.request().method(), url, scene.scene ?? 'full');
      const patched = url.pathname === '/api/v1/session' ? { ...body, me: { ...body.me, theme } } : body;
      return route.fulfill({ status, contentType: 'application/json', body: patched === undefined ? '' : JSON.stringify(patched) });
    }
    const file = join(root, 'dist', url.pathname.replace('/console/', '/'));
    if (/\.\w+$/.test(url.pathname) && existsSync(file)) return route.fulfill({ body: readFileSync(file), contentType: mime[url.pathname.split('.').pop()] ?? 'application/octet-stream' });
    return route.fulfill({ body: readFileSync(join(root, 'dist/index.html')), contentType: 'text/html' });
  }
}
