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
