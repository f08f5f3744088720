import { memo } from 'react';
import { sameView, useNow, useSend, useText } from '../app/context.tsx';
import type { NoticeView } from '../app/view.ts';
import { KeyButton } from '../components/pieces.tsx';
import { regionNames, ui } from './names.ts';

/** Short words that pass: what was saved (and can be taken back for five seconds), what went wrong. */
export const Notices = memo(function Notices({ notices }: { notices: readonly NoticeView[] }) {
  const say = useText();
  return (
    <section className="notices" aria-label={say(regionNames.notices)} aria-live="polite">
      {shownOf(notices).map((notice) => (
        <Notice key={notice.id} notice={notice} />
      ))}
    </section>
  );
}, sameView);

/** The newest three, and before them whatever somebody still has to read or may still take back: that leaves by a person's hand only. */
function shownOf(notices: readonly NoticeView[]): readonly NoticeView[] {
  const newest = notices.length - 3;
  return notices.filter(
    ({ tone, takeBackUntil }, at) => at >= newest || tone === 'bad' || tone === 'warning' || takeBackUntil !== null,
  );
}

function Notice({ notice }: { notice: NoticeView }) {
  const say = useText();
  const send = useSend();
  const now = useNow(200);
  const left = notice.takeBackUntil === null ? 0 : Math.ceil((notice.takeBackUntil - now) / 1000);
  return (
    <div className={`notice ${notice.tone}`}>
      <span className="notice-words">{say(notice.text)}</span>
      {left > 0 && (
        <>
          <KeyButton
            label={say(ui.takeBack)}
            command="takeBack"
            onPress={() => send({ type: 'takeBack.asked', id: notice.id })}
          />
          <span className="notice-left" aria-hidden="true">
            {left}
          </span>
        </>
      )}
      <button
        type="button"
        className="button plain"
        aria-label={say(ui.close)}
        onClick={() => send({ type: 'notice.closed', id: notice.id })}
      >
        ×
      </button>
    </div>
  );
}
