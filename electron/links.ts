/** Links that were opened with us: parsed here, confirmed in the page, never dialled directly (architecture §9). */

export type Link = { scheme: 'tel' | 'sip' | 'huifang'; target: string };

/**
 * `tel:+86 138-0013-8000` → its digits; `sip:1234@pbx.example` → user@host, without parameters or headers; `huifang:case/HF-1` → `case/HF-1`.
 * Undefined for everything else, for control characters and for what is longer than 200 characters.
 */
export function parseLink(address: string): Link | undefined {
  if (address.length > 200) return undefined;
  const match = /^(tel|sip|huifang):(.*)$/is.exec(address.trim());
  if (match === null) return undefined;
  let rest: string;
  try {
    rest = decodeURIComponent(match[2] ?? '').replace(/^\/\//, '');
  } catch {
    return undefined;
  }
  switch (match[1]?.toLowerCase()) {
    case 'tel': {
      const digits = (rest.split(';')[0] ?? '').replace(/[\s().-]/g, '').replace(/\/$/, '');
      return /^\+?[0-9]{3,20}$/.test(digits) ? { scheme: 'tel', target: digits } : undefined;
    }
    case 'sip': {
      const target = rest.split(/[;?]/)[0] ?? '';
      return /^[A-Za-z0-9+_.-]{1,60}(@[A-Za-z0-9.-]{1,120}(:[0-9]{1,5})?)?$/.test(target)
        ? { scheme: 'sip', target }
        : undefined;
    }
    default: {
      const target = rest.replace(/\/$/, '');
      return /^[A-Za-z0-9/_-]{1,120}$/.test(target) ? { scheme: 'huifang', target } : undefined;
    }
  }
}

/** The first link among the arguments the operating system started us with. */
export function linkIn(argv: readonly string[]): Link | undefined {
  for (const argument of argv.slice(1)) {
    const link = parseLink(argument);
    if (link !== undefined) return link;
  }
  return undefined;
}

/** Keeps opened links until there is a page to tell them to. */
export function waitingLinks() {
  const waiting: Link[] = [];
  let tell = (link: Link): void => {
    waiting.push(link);
  };
  return {
    open(link: Link | undefined): void {
      if (link !== undefined) tell(link);
    },
    deliver(to: (link: Link) => void): void {
      tell = to;
      for (const link of waiting.splice(0)) to(link);
    },
  };
}
