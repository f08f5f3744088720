/** 来电未接 at the head of the queue: who rang, until when to call back, and a way to close it without. */
import { memo } from 'react';
import { caseKindTexts } from '#shared/case/kind.ts';
import { useLanguage, useNow, useSend, useText } from '../../app/context.tsx';
import { age, clockTime } from '../../app/text/time.ts';
import type { MissedCallView } from '../../app/view.ts';
import { Group, ToneTag } from '../../components/pieces.tsx';

const label = { zh: '来电未接 · 10 分钟内回拨', en: 'Missed · call back within 10 min' };

export function MissedCalls({ missed }: { missed: readonly MissedCallView[] }) {
  const say = useText();
  if (missed.length === 0) return null;
  return (
    <Group label={say({ zh: '来电未接', en: 'Missed calls' })}>
      <div className="queue-group missed-head" aria-hidden="true">
        <span>{say(label)}</span>
        <span>{missed.length}</span>
      </div>
      {missed.map((task) => (
        <Row key={task.attempt} task={task} />
      ))}
    </Group>
  );
}

const Row = memo(function Row({ task }: { task: MissedCallView }) {
  const say = useText();
  const send = useSend();
  const { attempt, caseId, who, others, kind, number, times } = task;
  const nobody = say({ zh: '没有匹配的任务', en: 'No case has this number' });
  const name = who ?? (number === '' ? say({ zh: '号码未显示', en: 'Number withheld' }) : number);
  const line = [
    say({ zh: `${clockTime(task.at)} 来电`, en: `rang at ${clockTime(task.at)}` }),
    ...(times > 1 ? [say({ zh: `共 ${times} 次`, en: `${times} times` })] : []),
    ...(who === null ? [nobody] : [number]),
    ...(kind === null ? [] : [say(caseKindTexts[kind])]),
    ...(others > 0 ? [say({ zh: `另有 ${others} 个可能的任务`, en: `${others} more cases fit` })] : []),
  ].join(' · ');
  const close = say({ zh: '不回拨，说明原因', en: 'Close without a call back' });
  return (
    <div className="missed-row">
      <button
        type="button"
        className="queue-row"
        data-key="queue"
        data-name={`missed:${attempt}`}
        aria-current={task.selected ? 'true' : undefined}
        aria-label={`${say({ zh: '来电未接', en: 'Missed call' })} · ${name}`}
        onClick={() => send(caseId === null ? { type: 'missed.closing', attempt } : { type: 'missed.chosen', attempt })}
      >
        <b className="clip" title={name}>
          {name}
        </b>
        <Due at={task.due} />
        <i className="clip" title={line}>
          {line}
        </i>
      </button>
      <button
        type="button"
        className="missed-close"
        tabIndex={-1}
        title={`${close} (Del)`}
        aria-label={`${close} · ${name}`}
        onClick={() => send({ type: 'missed.closing', attempt })}
      >
        ×
      </button>
    </div>
  );
});

/** Minutes left, or over time: it changes by itself. */
function Due({ at }: { at: number }) {
  const say = useText();
  const language = useLanguage();
  const left = at - useNow(5_000);
  if (left <= 0) {
    const over = age(-left, language);
    return <ToneTag tone="bad">{say({ zh: `超时 ${over}`, en: `${over} over` })}</ToneTag>;
  }
  const rest = age(left, language);
  return (
    <ToneTag tone={left < 3 * 60_000 ? 'bad' : 'warning'}>{say({ zh: `剩 ${rest}`, en: `${rest} left` })}</ToneTag>
  );
}
