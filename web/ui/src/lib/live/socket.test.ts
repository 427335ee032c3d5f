import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServerFrame } from '../api/wire';
import { backOff, Live, type LiveState, pingEvery, silence, type Wire } from './socket';

class FakeWire implements Wire {
  readyState = 0;
  sent: string[] = [];
  closed = false;
  onopen: Wire['onopen'] = null;
  onmessage: Wire['onmessage'] = null;
  onclose: Wire['onclose'] = null;
  onerror: Wire['onerror'] = null;
  send(text: string): void {
    this.sent.push((JSON.parse(text) as { type: string }).type);
  }
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.({} as Event);
  }
  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }
  drop(): void {
    this.onclose?.({} as CloseEvent);
  }
}

function rig(): { wires: FakeWire[]; states: LiveState[]; frames: ServerFrame[]; returns: () => number; live: Live; fail: (on: boolean) => void } {
  const wires: FakeWire[] = [];
  const states: LiveState[] = [];
  const frames: ServerFrame[] = [];
  let returns = 0;
  let failing = false;
  const live = new Live({
    dial: async () => {
      if (failing) throw new Error('no server');
      wires.push(new FakeWire());
      return wires.at(-1)!;
    },
    greet: () => [{ type: 'hello', lists: ['mine'] }],
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    onReturn: () => returns++,
    random: () => 0,
  });
  return { wires, states, frames, returns: () => returns, live, fail: (on) => (failing = on) };
}

const welcome = { type: 'welcome', at: '2026-03-01T01:00:00Z', presence: {}, counts: {} };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Live', () => {
  test('greets first and is open once welcomed', async () => {
    const r = rig();
    r.live.start();
    await vi.advanceTimersByTimeAsync(0);
    r.wires[0]!.open();
    expect(r.wires[0]!.sent).toEqual(['hello']);
    expect(r.states).toEqual(['connecting']);
    r.wires[0]!.say(welcome);
    expect(r.states).toEqual(['connecting', 'open']);
    expect(r.returns()).toBe(0);
  });

  test('comes back after a drop and says that things were missed', async () => {
    const r = rig();
    r.live.start();
    await vi.advanceTimersByTimeAsync(0);
    r.wires[0]!.open();
    r.wires[0]!.say(welcome);
    r.wires[0]!.drop();
    expect(r.states.at(-1)).toBe('waiting');
    await vi.advanceTimersByTimeAsync(250);
    r.wires[1]!.open();
    r.wires[1]!.say(welcome);
    expect(r.returns()).toBe(1);
  });

  test('a silent line is given up within ten seconds', async () => {
    const r = rig();
    r.live.start();
    await vi.advanceTimersByTimeAsync(0);
    r.wires[0]!.open();
    r.wires[0]!.say(welcome);
    await vi.advanceTimersByTimeAsync(9999);
    expect(r.wires[0]!.closed).toBe(true);
    expect(r.states).toContain('waiting');
    expect(pingEvery + silence).toBeLessThan(10_000);
  });

  test('a line that answers pings stays', async () => {
    const r = rig();
    r.live.start();
    await vi.advanceTimersByTimeAsync(0);
    const wire = r.wires[0]!;
    wire.open();
    wire.say(welcome);
    for (let i = 0; i < 60; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      wire.say({ type: 'pong' });
    }
    expect(wire.closed).toBe(false);
    expect(wire.sent.filter((type) => type === 'ping').length).toBeGreaterThan(10);
  });

  test('a handshake without a welcome is given up', async () => {
    const r = rig();
    r.live.start();
    await vi.advanceTimersByTimeAsync(8000);
    expect(r.wires[0]!.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(250);
    expect(r.wires).toHaveLength(2);
  });

  test('keeps trying while there is no server, and stops when told', async () => {
    const r = rig();
    r.fail(true);
    r.live.start();
    await vi.advanceTimersByTimeAsync(5000);
    r.fail(false);
    r.live.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(r.wires).toHaveLength(1);
    r.live.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(r.wires).toHaveLength(1);
    expect(r.states.at(-1)).toBe('idle');
  });

  test('a broken frame is ignored', async () => {
    const r = rig();
    r.live.start();
    await vi.advanceTimersByTimeAsync(0);
    r.wires[0]!.open();
    r.wires[0]!.onmessage?.({ data: '{broken' } as MessageEvent);
    r.wires[0]!.onmessage?.({ data: 'null' } as MessageEvent);
    r.wires[0]!.say({ type: 'pong' });
    expect(r.frames.map((f) => f.type)).toEqual(['pong']);
  });
});

describe('backOff', () => {
  const rows = [
    { attempt: 0, random: 0, want: 250 },
    { attempt: 0, random: 1, want: 500 },
    { attempt: 3, random: 0, want: 2000 },
    { attempt: 40, random: 1, want: 15_000 },
  ];
  test.each(rows)('attempt $attempt, chance $random', ({ attempt, random, want }) => expect(backOff(attempt, () => random)).toBe(want));
});
