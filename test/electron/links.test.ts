import { describe, expect, it } from 'vitest';
import { linkIn, parseLink, waitingLinks } from '../../electron/links.ts';

describe('links that were opened with us', () => {
  it.each([
    ['tel:+86-138-0013-8000', { scheme: 'tel', target: '+8613800138000' }],
    ['tel:(010)%2088886666;ext=12', { scheme: 'tel', target: '01088886666' }],
    ['TEL:95588', { scheme: 'tel', target: '95588' }],
    ['sip:1001@pbx.bank.example:5060;transport=ws?subject=x', { scheme: 'sip', target: '1001@pbx.bank.example:5060' }],
    ['huifang://case/HF-1/', { scheme: 'huifang', target: 'case/HF-1' }],
  ])('%s is understood', (address, link) => {
    expect(parseLink(address)).toEqual(link);
  });

  it.each([
    'tel:12',
    'tel:*21*13800138000#',
    'tel:1380013800013800138000138',
    'sip:<script>@x',
    'sip:a b@x',
    'huifang:../../etc',
    'huifang:case?x=<b>',
    'javascript:alert(1)',
    'https://example.com/',
    'tel:%',
    `huifang:${'a'.repeat(300)}`,
    '',
  ])('%s is refused', (address) => {
    expect(parseLink(address)).toBeUndefined();
  });

  it('the program itself and its switches are not links', () => {
    expect(linkIn(['/opt/huifang', '--no-sandbox', '/work', 'tel:95588'])).toEqual({ scheme: 'tel', target: '95588' });
    expect(linkIn(['tel:95588', '--x'])).toBeUndefined();
  });

  it('a link that comes before the page waits for it, once', () => {
    const links = waitingLinks();
    const told: unknown[] = [];
    links.open(parseLink('tel:95588'));
    links.open(undefined);
    links.deliver((link) => told.push(link.target));
    links.open(parseLink('tel:95566'));
    expect(told).toEqual(['95588', '95566']);
  });
});
