/** 自检 on demand: everything at once, the test call when it is asked for, one press of F2. */
import type { Text } from '#shared/text.ts';
import { useSend, useText } from '../../app/context.tsx';
import type { DialogView } from '../../app/view.ts';
import { CheckList } from '../checkList.tsx';
import { CloseButton } from './closeButton.tsx';

type SelfCheckView = Extract<DialogView, { type: 'selfCheck' }>;

const echoTexts: Readonly<Record<SelfCheckView['echo'], Text>> = {
  none: { zh: '没有配置试呼号码', en: 'No number for a test call' },
  ready: { zh: '试呼并听自己的声音', en: 'Test call: hear yourself' },
  busy: { zh: '先处理完这一通，再试呼', en: 'Finish this case, then call' },
  running: { zh: '正在试呼…', en: 'Calling…' },
};

export function SelfCheck({ dialog }: { dialog: SelfCheckView }) {
  const say = useText();
  const send = useSend();
  const { checks, running, echo } = dialog;
  return (
    <div className="checks">
      <CheckList checks={checks} />
      <CloseButton>
        <button
          type="button"
          className="button primary"
          disabled={echo !== 'ready'}
          onClick={() => send({ type: 'echo.asked' })}
        >
          {say(echoTexts[echo])}
        </button>
        <button type="button" className="button" disabled={running} onClick={() => send({ type: 'selfCheck.asked' })}>
          {say({ zh: '再检一次', en: 'Check again' })}
        </button>
        <button type="button" className="button" onClick={() => send({ type: 'dialog.opened', dialog: 'settings' })}>
          {say({ zh: '声音设备', en: 'Sound devices' })}
        </button>
      </CloseButton>
    </div>
  );
}
