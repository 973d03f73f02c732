// Lengths of time as the pages write them: their two largest units. The words are attributes (macros/durations.html).

export function duration(seconds, { hoursMinutes, hours, minutes, seconds: short }) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = { hours: Math.floor(whole / 3600), minutes: Math.floor(whole / 60) % 60, seconds: whole % 60 };
  const words = parts.hours ? (parts.minutes ? hoursMinutes : hours) : parts.minutes ? minutes : short;
  return words.replace(/\{(\w+)\}/g, (_match, unit) => parts[unit]);
}
