/** A picture of one field of the application form, for typing a number off. Drawn, not scanned: demo data hold no real paper. */
export function formFieldImage(label: string, written: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="84" viewBox="0 0 420 84">
<rect width="420" height="84" fill="#fdfbf4"/>
<rect x="8" y="10" width="404" height="64" fill="none" stroke="#8a8473" stroke-width="1.5"/>
<line x1="140" y1="10" x2="140" y2="74" stroke="#8a8473" stroke-width="1"/>
<text x="20" y="48" font-family="sans-serif" font-size="17" fill="#55503f">${label}</text>
<text x="158" y="51" font-family="cursive, serif" font-size="25" font-style="italic" letter-spacing="1.5" fill="#1d3a7a" transform="rotate(-1.2 158 51)">${written}</text>
</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
}
