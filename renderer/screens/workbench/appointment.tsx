/** 预约回拨: typed as it is heard («明天12:15»), echoed in full, so that nobody mistakes the day. */
import { useEffect, useRef, useState } from 'react';
import { useNow, useSend, useText } from '../../app/context.tsx';
import { fullTime, instantText, parseAppointment } from '../../app/text/time.ts';
import type { WrapUpView } from '../../app/view.ts';
import { TypedInput } from '../../components/typedInput.tsx';

type Props = {
  appointment: WrapUpView['appointment'];
  needed: boolean;
  said: WrapUpView['appointmentSaid'];
  agreedExact: boolean;
  problem: WrapUpView['appointmentProblem'];
};

export function AppointmentInput({ appointment, needed, said, agreedExact, problem }: Props) {
  const say = useText();
  const send = useSend();
  const now = useNow(30_000);
  const [asked, setAsked] = useState(false);
  const [typed, setTyped] = useState(() => initial(appointment) || (needed ? (said ?? '') : ''));
  const field = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (asked) field.current?.querySelector('input')?.focus();
  }, [asked]);

  // What was agreed in the script counts without typing it again, as soon as the result needs a time.
  useEffect(() => {
    if (!needed || appointment !== null || said === null) return;
    const when = parseAppointment(said, now);
    if (when === null) return;
    setTyped(said);
    send({ type: 'appointment.typed', at: instantText(when), exact: agreedExact });
  }, [needed, said, agreedExact, appointment, now, send]);

  if (!needed && appointment === null && !asked) {
    return (
      <div>
        <button type="button" className="button" onClick={() => setAsked(true)}>
          {say({ zh: '预约回拨', en: 'Make an appointment' })}
        </button>
      </div>
    );
  }
  const at = parseAppointment(typed, now);
  const exact = appointment?.exact ?? agreedExact;
  const tell = (text: string, isExact: boolean) => {
    const when = parseAppointment(text, now);
    send({ type: 'appointment.typed', at: when === null ? '' : instantText(when), exact: isExact });
  };
  const echo =
    typed.trim() === ''
      ? { zh: '例如 明天12:15、周三14点半、+2小时', en: 'For example: tomorrow 12:15, 11-23 9:30, +2h' }
      : at === null
        ? { zh: '看不懂这个时间，请写成 明天12:15', en: 'Cannot read this time; write for example 11-23 9:30' }
        : at <= now
          ? { zh: '这个时间已经过去', en: 'That time has passed' }
          : (problem ?? { zh: `= ${fullTime(at, 'zh')}`, en: `= ${fullTime(at, 'en')}` });
  const wrong = typed.trim() !== '' && (at === null || at <= now || problem !== null);
  return (
    <div className="part appointment" ref={field}>
      <span className="field-label">
        <span>{say({ zh: '预约时间', en: 'Appointment' })}</span>
        {needed && <span className="faint">{say({ zh: '必填', en: 'required' })}</span>}
      </span>
      <div className="appointment-row">
        <TypedInput
          data-key="text"
          data-name="appointment"
          data-missing={(needed && at === null) || undefined}
          maxLength={40}
          aria-label={say({ zh: '预约时间', en: 'Appointment' })}
          aria-invalid={wrong}
          draft={typed}
          onDraft={(text) => {
            setTyped(text);
            tell(text, exact);
          }}
        />
        <label className="tick">
          <input
            type="checkbox"
            data-key="tick"
            data-name="exact"
            checked={exact}
            onChange={(event) => tell(typed, event.target.checked)}
          />
          {say({ zh: '准确时间', en: 'Exact time' })}
        </label>
      </div>
      <p className={`line ${wrong ? 'problem' : 'hint'}`}>{say(echo)}</p>
    </div>
  );
}

function initial(appointment: WrapUpView['appointment']): string {
  if (appointment === null || appointment.at === '') return '';
  const at = Date.parse(appointment.at);
  if (Number.isNaN(at)) return appointment.at;
  return instantText(at).slice(0, 16).replace('T', ' ');
}
