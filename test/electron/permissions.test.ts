import { describe, expect, it } from 'vitest';
import { isPermitted } from '../../electron/permissions.ts';

describe('what a page is granted', () => {
  it('sound without picture, for our page alone', () => {
    expect(isPermitted('media', 'app://huifang', { mediaTypes: ['audio'] })).toBe(true);
    expect(isPermitted('media', 'app://huifang/', { mediaType: 'audio' })).toBe(true);
    expect(isPermitted('media', 'app://huifang', { mediaTypes: ['audio', 'video'] })).toBe(false);
    expect(isPermitted('media', 'app://huifang', { mediaTypes: [] })).toBe(false);
    expect(isPermitted('media', 'app://huifang', {})).toBe(false);
    expect(isPermitted('media', 'https://example.com', { mediaTypes: ['audio'] })).toBe(false);
    expect(isPermitted('media', 'app://huifang.example', { mediaTypes: ['audio'] })).toBe(false);
  });

  it('the choice of a loudspeaker and storage that is not evicted', () => {
    expect(isPermitted('speaker-selection', 'app://huifang', {})).toBe(true);
    expect(isPermitted('persistent-storage', 'app://huifang', {})).toBe(true);
    expect(isPermitted('speaker-selection', 'https://example.com', {})).toBe(false);
  });

  it.each([
    'geolocation',
    'notifications',
    'midi',
    'hid',
    'usb',
    'serial',
    'display-capture',
    'clipboard-read',
    'openExternal',
    'unknown',
  ])('never %s', (permission) => {
    expect(isPermitted(permission, 'app://huifang', { mediaTypes: ['audio'] })).toBe(false);
  });
});
