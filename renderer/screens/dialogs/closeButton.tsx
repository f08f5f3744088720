import type { ReactNode } from 'react';
import { useSend, useText } from '../../app/context.tsx';
import { Kbd } from '../../components/pieces.tsx';
import { ui } from '../names.ts';

/** The foot of a dialog that only shows; `children` stand before the button. */
export function CloseButton({ children }: { children?: ReactNode }) {
  const say = useText();
  const send = useSend();
  return (
    <div className="dialog-foot">
      {children}
      <button type="button" className="button" data-dialog-focus onClick={() => send({ type: 'dialog.closed' })}>
        {say(ui.close)} <Kbd>Esc</Kbd>
      </button>
    </div>
  );
}
