import { useState } from 'react';
import { assertNever } from '#shared/problem.ts';
import { activeList, type Focus, listNames, noFocus } from '../../app/keys.ts';
import type { StripView, WorkbenchView } from '../../app/view.ts';
import { focusOf } from '../focus.ts';
import { CallingPanel, Captions, EmptyPanel, IncomingCard, Keypad } from './around.tsx';
import { CallBar } from './callBar.tsx';
import { CasePanel } from './casePanel.tsx';
import { Preview } from './preview.tsx';
import { Queue } from './queue.tsx';
import { ScriptPanel } from './scriptPanel.tsx';
import { StatusStrip } from './strip.tsx';
import { TransferPanel } from './transferPanel.tsx';
import { WrapUpPanel } from './wrapUpPanel.tsx';

/** 工作台: one screen for the whole job. */
export function Workbench({
  screen,
  strip,
  practice,
}: {
  screen: WorkbenchView;
  strip: StripView | null;
  practice: boolean;
}) {
  const [focus, setFocus] = useState<Focus>(noFocus);
  const active = activeList(screen, focus);
  const inCall = screen.callBar.state !== 'idle' && screen.callBar.state !== 'break';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches where the focus goes
    <div
      className="workbench"
      onFocus={(event) => {
        const next = focusOf(event.target);
        // Only the name decides which list the digits mean.
        setFocus((before) => (before.name === next.name ? before : { ...noFocus, name: next.name }));
      }}
    >
      <CallBar bar={screen.callBar} />
      <main className="columns">
        <Queue queue={screen.queue} />
        <div className="middle-place" data-middle>
          <Middle middle={screen.middle} active={active} />
          {screen.incoming !== null && (
            <IncomingCard incoming={screen.incoming} bar={screen.callBar} numbers={active === listNames.candidates} />
          )}
          {screen.keypad.open && <Keypad digits={screen.keypad.digits} />}
          <TransferPanel transfer={screen.transfer} bar={screen.callBar} />
        </div>
        <div className="side">
          <CasePanel panel={screen.case} />
          {practice && (inCall || screen.captions.length > 0) && <Captions captions={screen.captions} />}
        </div>
      </main>
      {strip !== null && <StatusStrip strip={strip} practice={practice} />}
    </div>
  );
}

function Middle({ middle, active }: { middle: WorkbenchView['middle']; active: string | null }) {
  switch (middle.type) {
    case 'empty':
      return <EmptyPanel empty={middle} />;
    case 'preview':
      return <Preview key={middle.caseId} preview={middle} active={active} />;
    case 'calling':
      return <CallingPanel calling={middle} />;
    case 'script':
      return <ScriptPanel script={middle} active={active} />;
    case 'wrapUp':
      return <WrapUpPanel key={`${middle.caseId ?? ''} ${middle.since}`} wrapUp={middle} active={active} />;
    default:
      return assertNever(middle);
  }
}
