import { describe, expect, it } from 'vitest';
import { placeWindow } from '../../electron/windowPlace.ts';

const screens = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 1920, height: 1040 },
];
const kept = { x: 2000, y: 50, width: 1500, height: 900, maximized: false };

describe('where the window opens', () => {
  it('where it was', () => {
    expect(placeWindow(kept, screens)).toEqual({
      bounds: { x: 2000, y: 50, width: 1500, height: 900 },
      maximized: false,
    });
  });

  it('in the middle when its screen is gone, still maximized if it was', () => {
    expect(placeWindow({ ...kept, maximized: true }, screens.slice(0, 1))).toEqual({
      bounds: { width: 1440, height: 900 },
      maximized: true,
    });
  });

  it('never with its title above or beside every screen', () => {
    expect(placeWindow({ ...kept, y: -500 }, screens).bounds).not.toHaveProperty('x');
    expect(placeWindow({ ...kept, x: 3800 }, screens).bounds).not.toHaveProperty('x');
  });

  it('never smaller than a workbench', () => {
    expect(placeWindow({ ...kept, width: 300, height: 200 }, screens).bounds).toMatchObject({
      width: 1280,
      height: 720,
    });
  });
});
