import type { ApprovalRow, Article, Case, Cases, Found, PresenceState, RemedyPreview, Report, Wallboard } from '../src/lib/api/wire';
import { ago, ahead, conversation, marks, me, messages, participants, record, rows, ticket, tickets } from './people';

/** Answers for GET and preview calls, by path; what is not here answers 404, which is an honest error state. */
export type Scene = 'full' | 'empty' | 'broken';

const approval: ApprovalRow = {
  id: 'ap1', act: 'reissue_transfer', label: 'Terbitkan ulang transfer', state: 'open', amount: 600_000, participant: participants[0]!, requested_by: 'Rangga Pratama', requested_at: ago(7200), expires_at: ahead(86_400 * 2), reason: 'Rekening sudah ditautkan ulang atas nama peserta, bukti buku tabungan terlampir.',
  before: [{ label: 'Rekening', value: 'Bank Nusantara ••••4471' }, { label: 'Status transfer', value: 'Dikembalikan 12 Maret 2026' }, { label: 'Jumlah', value: 'Rp600.000' }],
  after: [{ label: 'Rekening', value: 'DompetKita ••••0912' }, { label: 'Status transfer', value: 'Diperintahkan' }, { label: 'Jumlah', value: 'Rp600.000' }],
  evidence: [{ id: 'e1', name: 'buku-tabungan.pdf', mime: 'application/pdf', bytes: 820_000, state: 'ready', url: '#' }], conversation_id: 'v0', ticket_number: 'SP-26-004K7-3', can_decide: true,
};

const article: Article = {
  id: 'b1', slug: 'insentif-belum-cair', intent: 'incentive.status', audience: 'public',
  versions: [{ language: 'ind', title: 'Kapan insentif saya cair?', body: '...', html: '<p>Insentif cair 3 sampai 5 hari kerja setelah tiga hal selesai:</p><ul><li>pelatihan pertama selesai,</li><li>pelatihan sudah dinilai,</li><li>rekening atas nama Anda sudah tertaut.</li></ul><p>Uang tidak dipotong biaya apa pun.</p>', answer: 'Insentif cair 3 sampai 5 hari kerja setelah pelatihan selesai dan dinilai.', state: 'published', author: 'Tim Pengetahuan', at: ago(86_400 * 8) }],
};
const hits = ['Kapan insentif saya cair?', 'Transfer dikembalikan bank: apa yang harus dilakukan?', 'Mengganti rekening atau dompet digital', 'Kode OTP tidak masuk', 'Cara bergabung gelombang'].map((title, i) => ({ id: `b${i + 1}`, slug: `a${i}`, title, excerpt: 'Insentif cair 3 sampai 5 hari kerja setelah pelatihan selesai, dinilai, dan rekening tertaut.', language: 'ind' as const, audience: i === 3 ? ('staff' as const) : ('public' as const) }));

const trend = (base: number): number[] => Array.from({ length: 60 }, (_, i) => Math.max(0, base * (1 + 0.5 * Math.sin(i / 6) + 0.15 * Math.sin(i * 2.1))));
const states: PresenceState[] = ['available', 'on_contact', 'on_contact', 'wrap_up', 'break', 'ringing'];

export const wallboard = (scene: Scene): Wallboard => {
  const none = scene === 'empty';
  return {
    at: ago(1), today_from: ago(36_000),
    headline: {
      waiting: { value: none ? 0 : 17, unit: 'count', state: none ? 'ok' : 'warn', formula: 'waiting', trend: trend(12) },
      longest_wait: { value: none ? null : 372, unit: 'seconds', state: none ? 'no_data' : 'alarm', formula: 'longest_wait', trend: none ? [] : trend(200) },
      service_level: { value: none ? null : 0.7959, unit: 'ratio', state: none ? 'no_data' : 'warn', formula: 'service_level', n: none ? 0 : 980, trend: none ? [] : trend(0.8) },
      abandoned: { value: none ? 0 : 80, unit: 'count', state: 'ok', formula: 'abandoned', n: 1000, trend: trend(3) },
      agents_available: { value: none ? 0 : 24, unit: 'count', state: none ? 'alarm' : 'ok', formula: 'agents_available', trend: trend(24) },
      csat: { value: none ? null : 0.885, unit: 'ratio', state: none ? 'no_data' : 'ok', formula: 'csat', n: none ? 0 : 412, trend: none ? [] : trend(0.9) },
    },
    alarms: none ? [] : [{ code: 'longest_wait', text: 'Antrean Insentif: tunggu terlama di atas 2 menit', since: ago(260), severity: 'alarm' }, { code: 'sl', text: 'Tingkat layanan WhatsApp di bawah 60%', since: ago(1900), severity: 'warn' }],
    rows: none ? [] : ['Insentif', 'Akun dan pendaftaran', 'Pelatihan dan kehadiran peserta luar Jawa', 'Umum', 'Insentif', 'Umum', 'Pengaduan', 'Umum', 'Umum', 'Bahasa daerah', 'Umum'].map((queue, i) => ({
      kind: (['webchat', 'webchat', 'webchat', 'webchat', 'whatsapp', 'whatsapp', 'form', 'email', 'voice', 'telegram', 'sms'] as const)[i]!, queue_id: `q${i}`, queue, waiting: [9, 3, 0, 1, 4, 0, 0, 0, 0, 0, 0][i]!, longest_wait_s: i < 2 || i === 4 ? [372, 41, 0, 0, 95][i]! : null,
      offered: 412 - i * 31, answered: 388 - i * 30, abandoned: 24 - i, service_level: i === 9 ? null : 0.93 - i * 0.035, asa_s: 14 + i * 6, aht_s: 420 + i * 30, csat: i === 9 ? null : 0.94 - i * 0.02, bot: 120 - i * 11, with_agent: 31 - i * 2,
    })),
    agents: none ? [] : Array.from({ length: 43 }, (_, i) => ({ id: `s${i}`, name: i === 2 ? 'Ni Luh Putu Ayu Sri Wahyuni Kartikasari D.' : ['Dewi Lestari', 'Rangga Pratama', 'Sari Utami', 'Bayu Nugroho', 'Intan Permata'][i % 5]!, state: states[i % 6]!, ...(i % 6 === 4 ? { reason: 'salat' } : {}), since: ago(40 + i * 77), load: i % 5, capacity: 4, free: i % 6 === 0 })),
    agent_counts: none ? { available: 0, ringing: 0, on_contact: 0, wrap_up: 0, break: 0, offline: 133 } : { available: 24, ringing: 3, on_contact: 71, wrap_up: 9, break: 11, offline: 15 },
    tickets: none ? { open: 0, at_risk: 0, breached: 0 } : { open: 1284, at_risk: 96, breached: 12 },
  };
};

const columns: Report['columns'] = [['offered', 'Ditawarkan', 'count'], ['answered', 'Dibalas', 'count'], ['abandoned', 'Ditinggalkan', 'count'], ['service_level', 'Tingkat layanan', 'ratio'], ['asa', 'ASA', 'seconds'], ['aht', 'AHT', 'seconds'], ['csat', 'CSAT', 'ratio'], ['fcr', 'FCR', 'ratio'], ['made', 'Tiket dibuat', 'count'], ['age_0_3', 'Umur 0–3 hari', 'count']].map(([code, title, unit]) => ({ code: code!, title: title!, unit: unit as 'count', text: `Cara menghitung ${title}.` }));
const line = (name: string, n: number): Report['rows'][number] => ({ code: name, name, values: [n, Math.max(0, n - 12), 9, n ? 0.83 : null, n ? 41 : null, 412, 0.91, 0.78, 14, 22] });
const report: Report = {
  at: ago(3), from: '2026-11-24', to: '2026-11-30', by: 'queue', variant: 'offered', formula: 'SL-offered: dibalas≤T / (dibalas + ditinggalkan)', provisional: true, columns,
  rows: [line('Insentif dan pembayaran', 412), line('Pelatihan dan kehadiran peserta luar Jawa', 208), line('Umum', 0)], total: line('Total', 620),
  days: ['24', '25', '26', '27', '28', '29', '30'].map((d, i) => line(`2026-11-${d}`, 60 + ((i * 37) % 80))), variants: [{ value: 'offered', label: 'SL-offered: dibalas≤T / (dibalas + ditinggalkan)' }],
};

/** A list that belongs to a number, with one case that the reader may not open. */
const cases = (measure: string, scene: Scene): Cases => {
  const items: Case[] = measure.startsWith('tickets_')
    ? tickets.map((one) => ({ id: one.id, at: one.registered_at, seconds: null, how: one.state, staff: one.owner?.name ?? '', queue: one.queue?.name ?? '', ticket: one }))
    : rows.map((one, i) => ({ id: one.id, at: one.last_at, seconds: 17 + i * 43, how: i % 3 === 2 ? 'late' : 'answered', staff: i % 2 ? 'Dewi Lestari' : 'Ni Luh Putu Ayu Sri Wahyuni Kartikasari D.', queue: 'Insentif dan pembayaran', conversation: one }));
  return scene === 'empty' ? { items: [], next: null, at: ago(2), total: 0, hidden: 0 } : { items, next: 'x', at: ago(2), total: items.length + 13, hidden: 1 };
};

const found = (scene: Scene): Found => {
  if (scene === 'empty') return { tickets: { items: [], more: false }, people: { items: [], more: false }, conversations: { items: [], more: false }, mistyped: true };
  const excerpt = [{ text: '…sudah selesai pelatihan dari bulan lalu tapi ', match: false }, { text: 'insentif', match: true }, { text: ' sy belum cair juga, padahal rekening sudah tertaut dan nama sudah sama…', match: false }];
  return {
    tickets: { items: tickets.slice(0, 3), more: false }, people: { items: participants.slice(0, 2), more: true },
    conversations: { items: rows.slice(0, 6).map((row, i) => (i === 1 ? { row } : { row, line: { seq: 2 + i, from: 'citizen', at: row.last_at, excerpt } })), more: true }, mistyped: false,
  };
};

const page = <T>(items: T[], scene: Scene): { items: T[]; next: null } => ({ items: scene === 'empty' ? [] : items, next: null });

const preview: RemedyPreview = {
  before: [{ label: 'Bank atau dompet', value: 'Bank Nusantara' }, { label: 'Nomor', value: '••••••4471' }, { label: 'Atas nama', value: 'SITI NURHALIZA W' }],
  after: [{ label: 'Bank atau dompet', value: 'Bank Nusantara' }, { label: 'Nomor', value: '••••••0912' }, { label: 'Atas nama', value: 'SITI NURHALIZA WULANDARI KUSUMANINGTYAS' }],
  changed: ['Nomor', 'Atas nama'], errors: [], approver_role: 'approver',
};

export function answer(method: string, url: URL, scene: Scene): { status: number; body?: unknown } {
  const path = url.pathname.replace('/api/v1', '');
  if (scene === 'broken' && !path.startsWith('/session') && path !== '/conversations/counts') return { status: 500, body: { title: 'broken', status: 500 } };
  const fixed: Record<string, unknown> = {
    'GET /session': { csrf: 'x', me }, 'POST /session/socket-ticket': { ticket: 't' },
    'GET /conversations/counts': scene === 'empty' ? { mine: 0, team: 0, unassigned: 0, waiting: 3, snoozed: 0, all: 3 } : { mine: 10, team: 38, unassigned: 6, waiting: 17, snoozed: 2, all: 112 },
    'GET /conversations': page(rows, scene), 'GET /tickets': page(tickets, scene), 'GET /tickets/k1': ticket, 'POST /participants/search': page(participants, scene), 'GET /participants/p0': record,
    'POST /search': found(scene),
    'GET /participants/p0/access': { items: [{ at: ago(500), actor: me.name, reason: 'Percakapan obrolan web', fields: ['name', 'phone', 'incentives'] }] },
    'GET /approvals': page([approval, { ...approval, id: 'ap2', act: 'correct_attendance', label: 'Koreksi kehadiran', amount: undefined, participant: participants[1]!, expires_at: ahead(3000), requested_at: ago(86_400) }], scene), 'GET /approvals/ap1': approval,
    'GET /outbox/failed': page([0, 2, 4].map((i) => ({ id: `o${i}`, conversation_id: `v${i}`, person: rows[i]!.person, text: 'Nomor tiket Anda SP-26-004K7-3. Kami kabari paling lambat 4 April 2026.', error: 'Nomor tujuan sedang tidak terjangkau (30003)', attempts: 6, at: ago(3600 * (i + 1)) })), scene),
    'GET /presence/reasons': { items: [{ code: 'salat', label: 'Salat' }, { code: 'meal', label: 'Makan' }, { code: 'briefing', label: 'Pengarahan' }] },
    'GET /categories': { items: [{ code: 'incentive.failed_transfer', label: 'Transfer gagal atau dikembalikan', group: 'incentive', group_label: 'Insentif', class_default: 'complaint', target_hours: 112, queue: 'Insentif' }, { code: 'incentive.status', label: 'Insentif belum cair', group: 'incentive', group_label: 'Insentif', class_default: 'complaint', target_hours: 112, queue: 'Insentif' }] },
    'GET /codes': { outcomes: [], root_causes: [], rejections: [], closings: [] },
    'GET /snooze-choices': { items: [{ code: 'hour', until: ahead(3600) }, { code: 'tomorrow', until: ahead(50_000) }, { code: 'working_day', until: ahead(222_800) }] },
    'GET /templates': { items: [{ id: 'w1', name: 'Kabar tentang tiket', language: 'ind', body: 'Halo {{1}}, kami dari layanan program. Ada kabar tentang {{2}}. Balas pesan ini bila Anda ingin melanjutkan.', places: 2 }] },
    'GET /outreach': { inboxes: [{ id: 'i1', kind: 'whatsapp', name: 'WhatsApp utama' }, { id: 'i2', kind: 'sms', name: 'SMS' }], phones: [{ point_id: 'c1', masked: '+62 812-••••-••41', confidence: 'proved_otp', seen_at: ago(9_000_000) }] },
    'GET /outreach/reach': { free_text: false, window_closes_at: ago(80_000), opted_in: true, opted_out: false },
    'GET /queues': page(['Umum', 'Insentif dan pembayaran', 'Pengaduan'].map((name, i) => ({ id: `q${i}`, slug: `q${i}`, name, unit: { id: `u${i}`, name: ['Layanan warga', 'Pembayaran', 'Pengaduan'][i]! }, waiting: [9, 2, 0][i]!, available: [3, 0, 1][i]! })), scene),
    'GET /staff': page(['Rangga Pratama', 'Sari Utami', 'Ni Luh Putu Ayu Sri Wahyuni Kartikasari D.'].map((name, i) => ({ id: `s${i + 2}`, name, role: 'agent', presence: { state: 'available', since: ago(400), load: i * 2, capacity: 4 }, languages: [['ind', 'ban'], ['ind'], ['ind', 'jav', 'sun']][i]!, skills: i === 1 ? ['incentive'] : [] })), scene),
    'GET /articles': page(hits, scene), 'GET /articles/b1': article,
    'GET /macros': page([{ id: 'n1', shortcut: 'salam', title: 'Salam pembuka', text: 'Selamat pagi Ibu Siti, saya Dewi. Ada yang dapat saya bantu?', language: 'ind' }, { id: 'n2', shortcut: 'tabungan', title: 'Minta buku tabungan', text: 'Boleh kirim foto halaman depan buku tabungan? Cukup empat angka terakhir yang terlihat.', language: 'ind' }], scene),
    'GET /wallboard': wallboard(scene), 'GET /wallboard/formulas': { items: [{ code: 'service_level', title: 'Tingkat layanan (SL-offered)', text: 'Dibalas petugas dalam target dibagi (dibalas + ditinggalkan), sejak 00.00 WIB.', cases: ['service_level', 'within', 'outside'] }, { code: 'agent_load', title: 'Beban petugas', text: 'Percakapan yang dipegang petugas dari jumlah yang boleh dipegang sekaligus.', cases: ['held'] }] },
    'GET /reports': report,
    'GET /mentions': page([0, 2, 3].map((i) => ({ conversation_id: `v${i}`, seq: 9, at: ago(600 + i * 9000), read: i > 2, by: 'Sari Utami', text: `@${me.name} tolong cek rekening ini, warganya sudah dua kali bertanya`, person: rows[i]!.person.name })), scene), 'GET /mentions/unread': { count: scene === 'empty' ? 0 : 2 },
    'GET /views': page([0, 1, 2].map((i) => ({ id: `w${i}`, name: ['Rekening ditolak, WhatsApp', 'Pagi: yang menunggu bukti', 'Bahasa daerah'][i]!, list: 'all', filter: { kinds: i === 0 ? ['whatsapp'] : [], queues: [], tags: i === 2 ? [] : ['g1'], languages: i === 2 ? ['jav', 'sun'] : [], holder: '' }, scope: (['own', 'own', 'all'] as const)[i]!, owner: { id: i === 2 ? 's9' : 's1', name: me.name }, version: 1, may_change: i < 2 })), scene),
    'GET /tags': page(marks, scene), 'GET /settings/tags': page(marks.map((one, i) => ({ ...one, status: i === 3 ? 'closed' : 'active', version: 1, conversations: 12 * i, tickets: i })), scene), 'GET /settings/history/tag': page([], scene),
    'GET /wallboard/cases': cases(url.searchParams.get('measure') ?? '', scene),
    'POST /participants/p0/remedies/relink_payout_account/preview': preview,
    'POST /me/totp': { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://', qr_svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h4v4H0zM6 0h4v4H6zM0 6h4v4H0zM6 6h2v2H6z"/></svg>' },
  };
  const known = fixed[`${method} ${path}`];
  if (known !== undefined) return { status: 200, body: known };
  const deep = /^\/conversations\/(v\d+)(?:\/(\w+))?$/.exec(path);
  const row = rows.find((one) => one.id === deep?.[1]);
  if (row && method === 'GET') {
    const parts: Record<string, unknown> = { '': conversation(row), messages: { items: messages, last_seq: 14 }, record, suggestions: { articles: scene === 'empty' ? [] : hits.slice(0, 3), macros: [] }, duplicates: { items: [] }, colleagues: { items: [{ id: 's3', name: 'Sari Utami' }, { id: 's4', name: 'Ni Luh Putu Ayu Sri Wahyuni Kartikasari D.' }, { id: 's5', name: 'Rangga Pratama' }] }, history: { conversations: scene === 'empty' ? [] : rows.slice(3, 6), tickets: scene === 'empty' ? [] : tickets.slice(2) } };
    const body = parts[deep?.[2] ?? ''];
    if (body !== undefined) return { status: 200, body };
  }
  if (method !== 'GET' && /\/(read|draft)$/.test(path)) return { status: 204 };
  return { status: 404, body: { title: 'not found', status: 404 } };
}
