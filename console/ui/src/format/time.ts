const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const FULL = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

/** 14:03:05 in the reader's time zone. */
export function formatClock(millis: number): string {
  return CLOCK.format(millis);
}

/** With date and zone. */
export function formatFullTime(millis: number): string {
  return FULL.format(millis);
}

/** now, 12 s ago, 4 min ago, 2 h ago, 3 d ago. */
export function formatAge(millis: number, now: number): string {
  const seconds = Math.floor((now - millis) / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

const DAY_TIME = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** 21 Nov, 14:03 in the reader's time zone. */
export function formatDayTime(millis: number): string {
  return DAY_TIME.format(millis);
}

/** 15 min, 6 h, 2 days; the largest unit that says it well. */
export function formatDuration(millis: number): string {
  const minutes = Math.round(millis / 60_000);
  if (minutes < 1) return `${Math.round(millis / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 2 * 1440) return `${Math.round(minutes / 6) / 10} h`;
  return `${Math.round(minutes / 144) / 10} days`;
}
