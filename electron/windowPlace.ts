import type { WindowState } from './settings.ts';

type Area = { x: number; y: number; width: number; height: number };

/** Pixels of a window that must be on a screen for a person to get hold of it. */
const graspable = 100;

/** Where the window opens: where it was, unless no screen shows that place any more; then in the middle with the usual size. */
export function placeWindow(
  kept: WindowState | undefined,
  areas: readonly Area[],
): { bounds: { width: number; height: number; x?: number; y?: number }; maximized: boolean } {
  if (kept === undefined || !areas.some((area) => overlaps(area, kept))) {
    return { bounds: { width: 1440, height: 900 }, maximized: kept?.maximized ?? false };
  }
  const { x, y, width, height, maximized } = kept;
  return { bounds: { x, y, width: Math.max(1280, width), height: Math.max(720, height) }, maximized };
}

const overlaps = (area: Area, { x, y, width }: Area) =>
  x + width - graspable > area.x &&
  x + graspable < area.x + area.width &&
  y >= area.y &&
  y + graspable < area.y + area.height;
