import type { Conversation, ConversationRow, Me, Message, ParticipantRecord, ParticipantRow, Person, Tag, TicketRow, Ticket } from '../src/lib/api/wire';

/** Synthetic people and cases for looking at the screens without a server; names of 40 letters are there on purpose. */
export const start = Date.now();
export const ago = (seconds: number): string => new Date(start - seconds * 1000).toISOString();
export const ahead = (seconds: number): string => ago(-seconds);

export const me: Me = {
  id: 's1', name: 'Dewi Lestari', email: 'dewi@sapa.example', role: 'agent',
  permissions: ['conversation.read', 'conversation.reply', 'conversation.start', 'attachment.add', 'ticket.read', 'people.search', 'kb.read', 'kb.edit', 'approval.read', 'outbox.read', 'wallboard.read', 'report.read', 'remedy.run', 'conversation.note', 'ticket.work', 'settings.edit'],
  language: 'ind', theme: 'light', totp_enabled: false, totp_required: true, skills: ['incentive'], languages: ['ind', 'jav', 'sun'], teams: [{ id: 't1', name: 'Lini pertama' }],
  presence: { state: 'on_contact', since: ago(740), load: 3, capacity: 4 }, capacity: 4, undo_seconds: 5,
};

const names = [
  'Siti Nurhaliza Wulandari Kusumaningtyas P.', 'Budi Santoso', 'Ni Luh Putu Ayu Sri Wahyuni Kartikasari D.', 'Yohanes Manuputty', 'Rahmat', 'Aisyah Putri Ramadhani',
  'Teuku Muhammad Iskandar', 'Maria Goreti Lamatapo', 'Agus Setiawan', 'Endang Susilowati', 'Ujang Suherman', 'Fransiska Boru Simanjuntak', 'Slamet Riyadi', 'Hasanuddin Daeng Matteru',
];
const previews = [
  'min insentif sy blm cair pdhl udh selesai pelatihan', 'Terima kasih banyak Bu, sudah masuk', 'kode otp gak masuk2 dari tadi pagi', 'Kelas las saya dibatalkan penyelenggara, bagaimana gantinya?',
  'p', 'Sertifikat saya namanya salah ketik', 'kula badhe tangled, insentif dereng mlebet', 'abdi teu tiasa lebet kana akun', 'Kapan gelombang berikutnya dibuka?', 'rekening saya sudah ditutup bank, mohon diganti ke dompet digital yang baru ya kak',
  'saya dimintai uang oleh calo', 'Foto KTP ditolak terus', 'NIK saya katanya sudah terdaftar', 'Baik, saya tunggu kabarnya',
];
const kinds = ['webchat', 'whatsapp', 'webchat', 'email', 'sms', 'whatsapp', 'webchat', 'telegram', 'webchat', 'whatsapp', 'form', 'webchat', 'webchat', 'voice'] as const;
const langs: string[] = ['ind', 'ind', 'ban', 'ind', 'ind', 'ind', 'jav', 'sun', 'ind', 'ind', 'ind', 'bbc', 'jav', 'bug'];
const intents = ['incentive.status', 'thanks', 'account.otp', 'training.schedule_change', undefined, 'training.certificate', 'incentive.status', 'account.login', 'batch.schedule', 'incentive.change_account', 'complaint.fraud', 'registration.face_failed', 'registration.nik_used', 'ticket.status'];

const sla = (i: number): ConversationRow['sla'] => {
  const left = [240, -75, 9, 7200, 600, 3500, -4000, 86_400 * 3, 45, 900, 20, 5000, 1200, 60][i]!;
  return { started_at: ago(i === 2 ? 51 : 600), due_at: ahead(left), state: i === 1 ? 'met' : left < 0 ? 'breached' : 'on_track', rule: 'T-live' };
};

const person = (i: number): Person => ({
  contact_id: `c${i}`, name: names[i]!, address_masked: kinds[i] === 'email' ? 'y••••@surel.example' : '+62 812-••••-••41', kind: kinds[i]!, confidence: 'claimed',
  ...(i % 3 === 1 ? {} : { participant: { id: `p${i}`, name: names[i]!, confidence: i % 2 ? 'claimed' : 'proved_otp' } as const }),
});

export const marks: Tag[] = [{ id: 'g1', name: 'Rekening ditolak', tone: 'red' }, { id: 'g2', name: 'Butuh bukti', tone: 'amber' }, { id: 'g3', name: 'Penyelenggara pelatihan wilayah timur', tone: 'blue' }, { id: 'g4', name: 'Selesai', tone: 'green' }];

export const rows: ConversationRow[] = names.map((_, i) => ({
  id: `v${i}`, kind: kinds[i]!, inbox: 'web', person: person(i), language: langs[i]!, ...(intents[i] ? { intent: intents[i] } : {}), state: i === 12 ? 'bot' : i > 9 ? 'queued' : i === 8 ? 'snoozed' : 'agent', preview: previews[i]!,
  preview_from: i === 1 || i === 13 ? 'agent' : i === 12 ? 'bot' : 'citizen', last_at: ago(20 + i * i * 40), last_seq: 14, unread: [2, 0, 1, 0, 0, 4][i] ?? 0, ...(i > 9 ? {} : { assignee: { id: 's1', name: me.name } }),
  queue: { id: 'q1', name: 'Insentif' }, sla: sla(i), priority: i === 10 ? 1 : 3, waiting_since: i === 1 ? null : ago(20 + i * i * 40), ticket_numbers: i === 0 ? ['SP-26-004K7-3'] : [], failed: i === 5, tags: marks.slice(0, [2, 0, 1, 4][i] ?? 0), snoozed_until: i === 8 ? ahead(50_000) : null,
  ...(i === 3 ? { passed: { by: 'Sari Utami', note: 'Sudah dijanjikan kabar sebelum jam tiga, tolong hubungi penyelenggara dulu' } } : {}),
}));

const ticketRow: TicketRow = {
  id: 'k1', number: 'SP-26-004K7-3', subject: 'Insentif pelatihan dikembalikan bank karena nama berbeda', state: 'in_progress', class: 'complaint', oversight: false, category: 'incentive.failed_transfer',
  category_label: 'Transfer insentif gagal atau dikembalikan', priority: 2, level: 1, owner: { id: 's1', name: me.name }, queue: { id: 'q1', name: 'Insentif' }, person: names[0]!, registered_at: ago(86_400 * 2), due_at: ahead(86_400 * 9),
  sla: { started_at: ago(86_400 * 2), due_at: ahead(86_400 * 9), state: 'on_track', rule: 'T-resolve' }, version: 4, tags: marks.slice(0, 2),
};

export const tickets: TicketRow[] = [
  ticketRow,
  { ...ticketRow, id: 'k2', number: 'SP-26-004JX-9', subject: 'Dimintai biaya oleh calo yang mengaku petugas program di depan kantor kelurahan', state: 'new', priority: 1, person: names[2]!, sla: { ...ticketRow.sla, due_at: ago(3000), state: 'breached' } },
  { ...ticketRow, id: 'k3', number: 'SP-26-004JA-1', subject: 'Kehadiran sesi kedua tidak tercatat', state: 'on_hold', person: names[3]!, sla: { ...ticketRow.sla, due_at: ahead(3600 * 5), started_at: ago(86_400 * 9) } },
  { ...ticketRow, id: 'k4', number: 'SP-26-0049M-5', subject: 'Sertifikat salah nama', state: 'resolved', person: names[5]! },
  { ...ticketRow, id: 'k5', number: 'SP-26-0031C-8', subject: 'Bertanya jadwal gelombang', state: 'closed', closed_reason: 'confirmed', class: 'information_request', oversight: null, person: names[8]! },
];

const held = { author: { id: 's1', name: me.name }, attachments: [], due_at: ahead(4), undo: true, state: 'held' as const, stale: false };

/** What waits to go out: something to undo, something for tomorrow, something that the citizen overtook. */
const heldIn = (id: string): Conversation['held'] =>
  id !== 'v3' ? [] : [
    { ...held, id: 'h1', text: 'Baik Pak, datanya sudah saya terima.' },
    { ...held, id: 'h2', text: 'Selamat pagi Pak, hasil pengecekan bank sudah keluar: rekening Bapak sudah benar.', undo: false, due_at: ahead(86_400) },
    { ...held, id: 'h3', text: 'Mohon kirim foto buku tabungan.', undo: false, due_at: ago(60), state: 'stopped', reason: 'Warga menulis lagi setelah balasan ini ditulis.' },
  ];

export const conversation = (row: ConversationRow): Conversation => ({
  ...row, opened_at: ago(900), queued_at: ago(600), answered_at: ago(500), ended_at: null, summary: 'Insentif Rp600.000 belum diterima. Identitas terbukti lewat OTP. Bot menemukan transfer dikembalikan bank pada 12 Maret karena nama rekening berbeda.',
  facts: [{ code: 'f1', text: 'Pelatihan "Dasar Las SMAW" selesai 2 Maret 2026' }, { code: 'f2', text: 'Transfer Rp600.000 dikembalikan 12 Maret 2026' }],
  window_closes_at: row.kind === 'whatsapp' ? (row.id === 'v9' ? ago(60) : ahead(3 * 3600)) : null, opted_out_at: row.id === 'v3' ? ago(7200) : null, can: row.assignee ? ['reply', 'note', 'assign', 'snooze', ...(row.state === 'snoozed' ? ['wake'] : []), 'end', 'ticket', 'remedy', 'subject'] : ['note', 'claim', 'assign'],
  tickets: row.ticket_numbers.length > 0 ? [ticketRow] : [], limits: { text_runes: 4096, attachment_bytes: 20 * 1024 * 1024, undo: row.kind !== 'webchat' },
  end_outcomes: [{ code: 'solved', label: 'Selesai dijawab' }, { code: 'ticketed', label: 'Dilanjutkan dengan tiket' }, { code: 'no_reply', label: 'Warga tidak menjawab lagi' }, { code: 'spam', label: 'Bukan urusan layanan ini' }],
  agent_read_seq: 11, visitor_read_seq: 12, held: heldIn(row.id), drafts: row.id === 'v0' ? [{ kind: 'reply', text: 'Baik Bu, saya bantu periksa dulu rekeningnya ya. ', attachments: [] }] : [],
});

const line = (seq: number, from: Message['from'], text: string, seconds: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`, seq, from, kind: from === 'system' ? 'system' : 'message', text, buttons: [], attachments: [], at: ago(seconds), ...(from === 'agent' ? { author: { id: 's1', name: me.name } } : {}), ...more,
});
const delivery = (state: NonNullable<Message['delivery']>['state'], error?: string): Partial<Message> => ({ delivery: { outbox_id: 'o1', state, retryable: state === 'failed', ...(error ? { error } : {}) } });

export const messages: Message[] = [
  line(1, 'system', 'Percakapan dimulai lewat obrolan web', 87_000),
  line(2, 'citizen', 'min insentif sy blm cair pdhl udh selesai pelatihan', 86_990),
  line(3, 'bot', 'Insentif biasanya cair 3 sampai 5 hari kerja setelah pelatihan selesai dan dinilai. Mau saya lihat data Anda?', 86_980, { buttons: [{ id: 'y', label: 'Ya, lihat data saya' }, { id: 'n', label: 'Bicara dengan petugas' }], ...delivery('read') }),
  line(4, 'citizen', 'Ya, lihat data saya', 86_960),
  line(5, 'bot', 'Uang Anda Rp600.000 dikembalikan oleh bank pada 12 Maret 2026, karena nama di rekening berbeda dengan nama Anda di program.', 900, delivery('read')),
  line(6, 'citizen', 'loh kok bisa beda. itu rekening saya sendiri dari dulu', 700),
  line(7, 'citizen', 'tolong sambungkan ke petugas', 690),
  line(8, 'system', 'Diserahkan ke antrean Insentif; menunggu 1 menit 12 detik', 680),
  line(9, 'agent', 'Selamat pagi Bu Siti, saya Dewi. Saya lihat nama di rekening tertulis "Siti Nurhaliza W", sedangkan di program nama lengkap Ibu. Boleh kirim foto halaman depan buku tabungan?', 600, delivery('read')),
  line(10, 'agent', 'Nomor rekeningnya cukup terlihat empat angka terakhir saja.', 590, delivery('delivered')),
  line(11, 'agent', 'Pernah lapor hal yang sama bulan lalu, lihat riwayat. Kalau fotonya jelas, langsung tautkan ulang.', 400, { kind: 'note' }),
  line(12, 'citizen', '', 80, { attachments: [{ id: 'a1', name: 'buku-tabungan-halaman-depan-siti-nurhaliza.pdf', mime: 'application/pdf', bytes: 834_000, state: 'ready', url: '#' }, { id: 'a2', name: 'foto.jpg', mime: 'image/jpeg', bytes: 2_400_000, state: 'fetching' }, { id: 'a3', name: 'kartu-prakerja.jpg', mime: 'image/jpeg', bytes: 0, state: 'missing', again: true }] }),
  line(13, 'citizen', 'sudah ya bu, mohon dibantu 🙏', 40),
  line(14, 'agent', 'Terima kasih Bu, sedang saya periksa.', 20, delivery('failed', 'Nomor tujuan sedang tidak terjangkau')),
];

export const participants: ParticipantRow[] = [0, 2, 3, 5, 6].map((i) => ({ id: `p${i}`, name: names[i]!, phone_masked: '+62 812-••••-••41', nik_masked: '••••••••••••0917', region: 'Kab. Kutai Kartanegara', stage: i === 0 ? 'finished' : 'training', language: langs[i]! }));

export const record: ParticipantRecord = {
  participant: { id: 'p0', name: names[0]!, programme_number: '5271 0042 8813 0096', phone_masked: '+62 812-••••-••41', email_masked: 's••••@surel.example', nik_masked: '••••••••••••0917', birth_date_masked: '••-••-1994', region: 'Kab. Kutai Kartanegara, Kalimantan Timur', language: 'ind', stage: 'finished', scheme: 'normal' },
  journey: [
    { code: 'account', label: 'Akun', state: 'done', at: ago(86_400 * 120), note: '' },
    { code: 'registration', label: 'Pendaftaran', state: 'done', at: ago(86_400 * 118), note: '' },
    { code: 'batch', label: 'Gelombang 72', state: 'done', at: ago(86_400 * 90), note: 'Lolos pada percobaan kedua' },
    { code: 'training', label: 'Pelatihan', state: 'done', at: ago(86_400 * 21), note: '' },
    { code: 'certificate', label: 'Sertifikat', state: 'done', at: ago(86_400 * 20), note: '' },
    { code: 'incentive', label: 'Insentif', state: 'blocked', at: ago(86_400 * 11), note: 'Dikembalikan bank: nama tidak sama' },
    { code: 'job', label: 'Pekerjaan', state: 'upcoming', at: null, note: '' },
  ],
  diagnoses: [
    { code: 'transfer_returned_name_mismatch', text: 'Transfer Rp600.000 dikembalikan Bank Nusantara karena nama rekening berbeda dengan nama peserta.', severity: 'fault', since: ago(86_400 * 11), remedies: ['relink_payout_account', 'reissue_transfer'] },
    { code: 'survey', text: 'Survei evaluasi kedua belum diisi; insentif survei Rp50.000 menunggu.', severity: 'info', since: null, remedies: [] },
  ],
  remedies: [
    { code: 'relink_payout_account', label: 'Tautkan ulang rekening', description: 'Ganti rekening pencairan dengan rekening atas nama peserta.', money: false, needs_evidence: true, fields: [{ name: 'institution', label: 'Bank atau dompet digital', kind: 'select', required: true, options: [{ value: 'bn', label: 'Bank Nusantara' }, { value: 'dk', label: 'DompetKita' }] }, { name: 'number', label: 'Nomor rekening', kind: 'number', required: true, help: 'Tanpa spasi atau tanda hubung' }, { name: 'holder', label: 'Nama pemilik', kind: 'text', required: true }] },
    { code: 'reissue_transfer', label: 'Terbitkan ulang transfer', description: 'Kirim ulang uang yang dikembalikan.', money: true, needs_evidence: false, approver_role: 'approver', fields: [], blocked_because: 'Tautkan dulu rekening yang namanya cocok.' },
    { code: 'reissue_certificate', label: 'Perbaiki nama di sertifikat', description: '', money: false, needs_evidence: true, fields: [] },
  ],
  batch: [{ number: 72, state: 'selected', joined_at: ago(86_400 * 95) }, { number: 71, state: 'not_selected', joined_at: ago(86_400 * 130) }],
  trainings: [{ id: 'x1', title: 'Dasar Las SMAW untuk Pemula di Industri Galangan', provider: 'LPK Bina Karya Mandiri Sejahtera', mode: 'offline', price: 1_850_000, bought_at: ago(86_400 * 60), redeem_state: 'redeemed', sessions: [{ at: ago(86_400 * 25), state: 'present' }, { at: ago(86_400 * 24), state: 'present' }, { at: ago(86_400 * 23), state: 'unverified' }], pre_test: 48, post_test: 82, certificate: { number: 'SRT-72-118204', issued_at: ago(86_400 * 20), state: 'valid' }, rating: 5 }],
  payout_account: { id: 'y1', kind: 'bank', institution: 'Bank Nusantara', number_masked: '••••••4471', holder: 'SITI NURHALIZA W', state: 'unverified', linked_at: ago(86_400 * 100) },
  incentives: [
    { id: 'z1', kind: 'completion', amount: 600_000, state: 'returned', due_at: ago(86_400 * 13), transfers: [{ id: 'w1', at: ago(86_400 * 11), amount: 600_000, state: 'returned', institution: 'Bank Nusantara', number_masked: '••••4471', return_code: 'AC04', return_text: 'Nama penerima tidak sama' }] },
    { id: 'z2', kind: 'survey', amount: 50_000, state: 'waiting', due_at: null, transfers: [] },
  ],
  balance: 1_650_000,
  changes: [{ id: 'h1', remedy: 'unlock_account', label: 'Buka kunci akun', at: ago(86_400 * 40), actor: 'Rangga Pratama', reason: 'Lima kali salah kata sandi, identitas terbukti lewat OTP', before: { Akun: 'Terkunci' }, after: { Akun: 'Terbuka' }, evidence: [] }],
  open_approvals: [],
};

export const ticket: Ticket = {
  ...ticketRow, text: 'Uang insentif belum diterima. Bank mengembalikan transfer karena nama rekening berbeda.',
  clocks: [{ name: 'resolve', started_at: ago(86_400 * 2), due_at: ahead(86_400 * 9), used_seconds: 86_400, state: 'running', intervals: [{ from: ago(86_400 * 2), to: ago(86_400), counted: true, rule: 'working_day' }, { from: ago(86_400), to: null, counted: false, rule: 'weekend' }] }],
  allowed: [
    { event: 'resolve', label: 'Selesaikan', fields: [{ name: 'outcome', label: 'Hasil', kind: 'select', required: true, options: [{ value: 'fixed', label: 'Diperbaiki' }] }, { name: 'root_cause', label: 'Akar masalah', kind: 'select', required: true, options: [{ value: 'name', label: 'Nama rekening berbeda' }] }, { name: 'public_answer', label: 'Jawaban untuk pelapor', kind: 'textarea', required: true }] },
    { event: 'ask_reporter', label: 'Tanya pelapor', fields: [] }, { event: 'transfer', label: 'Pindahkan', fields: [] }, { event: 'hold', label: 'Tahan', fields: [] }, { event: 'escalate', label: 'Naikkan', fields: [] },
  ],
  history: [{ at: ago(86_400 * 2), event: 'register', label: 'Didaftarkan', actor: 'Bot', role: 'system', to: 'new', fields: {} }, { at: ago(86_400), event: 'accept', label: 'Diterima', actor: me.name, role: 'agent', from: 'open', to: 'in_progress', fields: {}, reason: 'Menangani langsung dari percakapan' }],
  conversations: [rows[0]!], duplicates: [], participant: participants[0]!, changes: record.changes,
};
