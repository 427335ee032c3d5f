/** The stand-in's control API: the citizen's phone without a browser. */
export class Carrier {
  constructor(url) {
    this.url = url;
  }

  /** The newest sequence number now, so that a later wait sees only what is new. */
  async mark() {
    const { messages } = await this.get('/control/messages');
    return messages.at(-1)?.seq ?? 0;
  }

  messages(phone, channel) {
    return this.get(`/control/messages?${new URLSearchParams({ phone, channel })}`).then((answer) => answer.messages);
  }

  /** The first message to this phone after a mark whose text matches. */
  async wait(phone, { channel = 'whatsapp', after = 0, match = /./s } = {}) {
    const began = performance.now();
    let from = after;
    const seen = [];
    while (performance.now() - began < 30_000) {
      const answer = await fetch(`${this.url}/control/wait?${new URLSearchParams({ to: phone, channel, after: String(from), timeout: '5s' })}`);
      if (answer.status === 204) continue;
      const message = await answer.json();
      if (match.test(message.body)) return message;
      seen.push(message.body);
      from = message.seq;
    }
    throw new Error(`no ${channel} message to ${phone} like ${match}; instead: ${JSON.stringify(seen)}`);
  }

  /** The newest one-time password sent to this phone after a mark. */
  async code(phone, after) {
    const { body } = await this.wait(phone, { channel: 'sms', after, match: /\b\d{6}\b/ });
    return /\b\d{6}\b/.exec(body)[0];
  }

  write(from, body, more = {}) {
    return this.post('/control/inbound', { channel: 'whatsapp', from, body, ...more });
  }

  read(phone, channel = 'whatsapp') {
    return this.post('/control/read', { phone, channel });
  }

  async get(path) {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`stand-in: ${path} ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async post(path, body) {
    const answer = await fetch(this.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`stand-in: ${path} ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
