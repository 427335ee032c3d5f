let context: AudioContext | null = null;

/** Two soft tones (E5, A5), 0.2 s, drawn by the browser: no sound file. Silent until the person has touched the page. */
export function chime(): void {
  context ??= new AudioContext();
  if (context.state === 'suspended') return;
  tone(context, 659.25, 0);
  tone(context, 880, 0.09);
}

function tone(audio: AudioContext, hertz: number, after: number): void {
  const [start, wave, gain] = [audio.currentTime + after, audio.createOscillator(), audio.createGain()];
  wave.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(0.06, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.2);
  wave.connect(gain).connect(audio.destination);
  wave.start(start);
  wave.stop(start + 0.22);
}
