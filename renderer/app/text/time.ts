/**
 * Times as people read them. Everything is Chinese Standard Time, whatever the machine is set to: policy, appointments and
 * the customers live there (domain.md F3).
 */
import type { Language } from '#shared/text.ts';

export const timeZone = 'Asia/Shanghai';
const offsetMs = 8 * 3_600_000;
const two = (value: number) => String(value).padStart(2, '0');

type Parts = {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
};

/** The wall clock in China at an instant (epoch ms): fixed offset, no daylight saving since 1991. */
export function partsOf(at: number): Parts {
  const shifted = new Date(at + offsetMs);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

const dayNumber = (at: number) => Math.floor((at + offsetMs) / 86_400_000);
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const weekdays: Readonly<Record<Language, readonly string[]>> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};

/** `10:24`, or `10:24:07` with seconds. */
export function clockTime(at: number, seconds = false): string {
  const { hour, minute, second } = partsOf(at);
  return seconds ? `${two(hour)}:${two(minute)}:${two(second)}` : `${two(hour)}:${two(minute)}`;
}

/** `11 月 21 日` / `21 Nov`. */
export function dayText(at: number, language: Language): string {
  const { month, day } = partsOf(at);
  return language === 'zh' ? `${month} 月 ${day} 日` : `${day} ${monthNames[month - 1] ?? ''}`;
}

/** `今天 10:23`, `昨天 16:41`, `明天 12:15`, otherwise `11 月 19 日 09:00`. */
export function dayAndTime(at: number, now: number, language: Language): string {
  const days = dayNumber(at) - dayNumber(now);
  const near: Readonly<Record<number, Readonly<Record<Language, string>>>> = {
    [-1]: { zh: '昨天', en: 'Yesterday' },
    0: { zh: '今天', en: 'Today' },
    1: { zh: '明天', en: 'Tomorrow' },
  };
  return `${near[days]?.[language] ?? dayText(at, language)} ${clockTime(at)}`;
}

/** `11 月 22 日 周日 12:15`: an appointment, said so that nobody can mistake the day. */
export function fullTime(at: number, language: Language): string {
  return `${dayText(at, language)} ${weekdays[language][partsOf(at).weekday] ?? ''} ${clockTime(at)}`;
}

/** A running time: `00:42`, `1:02:07`. Negative counts as nothing. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** How old something is: `8 秒`, `3 分`, `2 时 14 分`, `1 天 3 时`. */
export function age(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const zh = language === 'zh';
  if (seconds < 60) return zh ? `${seconds} 秒` : `${seconds} s`;
  if (minutes < 60) return zh ? `${minutes} 分` : `${minutes} min`;
  if (hours < 24) return zh ? `${hours} 时 ${minutes % 60} 分` : `${hours} h ${minutes % 60} min`;
  return zh ? `${Math.floor(hours / 24)} 天 ${hours % 24} 时` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** An instant with China's offset, as entries hold it: `2026-11-22T12:15:00+08:00`. */
export function instantText(at: number): string {
  const { year, month, day, hour, minute, second } = partsOf(at);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}+08:00`;
}

/** Epoch ms of a wall-clock time in China. */
export function chinaTime(year: number, month: number, day: number, hour: number, minute: number): number {
  return Date.UTC(year, month - 1, day, hour, minute) - offsetMs;
}

const dayWords: Readonly<Record<string, number>> = {
  今天: 0,
  今日: 0,
  today: 0,
  明天: 1,
  明日: 1,
  tomorrow: 1,
  后天: 2,
};
const weekdayWords = '日一二三四五六';
const halfDayWords = /(上午|早上|中午|下午|晚上|傍晚)/;

function readClock(text: string): { hour: number; minute: number } | null {
  const found =
    /^(\d{1,2})[:.点时](\d{1,2}|半|一刻|三刻)?分?$/.exec(text) ??
    /^(\d{1,2})(\d{2})$/.exec(text) ??
    /^(\d{1,2})$/.exec(text);
  if (found === null) return null;
  const words: Readonly<Record<string, number>> = { 半: 30, 一刻: 15, 三刻: 45 };
  const minute = found[2] === undefined ? 0 : (words[found[2]] ?? Number(found[2]));
  const hour = Number(found[1]);
  return hour <= 23 && minute <= 59 ? { hour, minute } : null;
}

/**
 * Reads an appointment as an agent types it while listening: `明天12:15`, `周三 14点半`, `11-23 9:30`, `11月23日 下午3点`, `1730`,
 * `+2h`, or a full `2026-11-23T09:30`. A time of day that has passed today means tomorrow.
 * @returns epoch ms, or null when it cannot be understood.
 */
export function parseAppointment(typed: string, now: number): number | null {
  const text = typed.normalize('NFKC').trim().toLowerCase();
  if (text === '') return null;
  if (/^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|z)$/.test(text)) return Date.parse(text.toUpperCase());
  const later = /^\+(\d{1,3})\s*(h|m|min|小时|分钟?)$/.exec(text);
  if (later !== null) return now + Number(later[1]) * (/^(h|小时)$/.test(later[2] ?? '') ? 3_600_000 : 60_000);
  const today = partsOf(now);
  let rest = text.replace(/t(?=\d)/, ' ');
  let date: { year: number; month: number; day: number } | null = null;
  const onDay = (days: number) => {
    const parts = partsOf(now + days * 86_400_000);
    return { year: parts.year, month: parts.month, day: parts.day };
  };
  const word = Object.keys(dayWords).find((known) => rest.startsWith(known));
  const weekday = /^(下)?(?:周|星期|礼拜)([日天一二三四五六])/.exec(rest);
  const written = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/月](\d{1,2})[日号]?(?=\s|$|上|下|中|早|晚)/.exec(rest);
  if (word !== undefined) {
    date = onDay(dayWords[word] ?? 0);
    rest = rest.slice(word.length);
  } else if (weekday !== null) {
    const wanted = weekdayWords.indexOf(weekday[2] === '天' ? '日' : (weekday[2] ?? ''));
    const ahead = (wanted - today.weekday + 7) % 7;
    const thisWeek =
      ahead + (weekday[1] !== undefined && today.weekday !== 0 && (wanted === 0 ? 7 : wanted) > today.weekday ? 7 : 0);
    date = onDay(thisWeek);
    rest = rest.slice(weekday[0].length);
  } else if (written !== null) {
    const month = Number(written[2]);
    const year = written[1] === undefined ? today.year + (month < today.month ? 1 : 0) : Number(written[1]);
    date = { year, month, day: Number(written[3]) };
    rest = rest.slice(written[0].length);
  }
  const half = halfDayWords.exec(rest)?.[1];
  const clock = readClock(rest.replace(halfDayWords, '').replaceAll(' ', ''));
  if (clock === null) return null;
  const afternoon = half !== undefined && ['下午', '晚上', '傍晚'].includes(half) && clock.hour < 12;
  const hour = clock.hour + (afternoon || (half === '中午' && clock.hour < 11) ? 12 : 0);
  const { year, month, day } = date ?? onDay(0);
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  const at = chinaTime(year, month, day, hour, clock.minute);
  return date === null && at <= now ? at + 86_400_000 : at;
}
