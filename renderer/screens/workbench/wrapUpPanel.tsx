/** 话后处理: what is proposed and why, what follows by which rule; one key confirms. */

import { callResultFacts } from '#shared/call/callResult.ts';
import { caseKindTexts } from '#shared/case/kind.ts';
import type { Text } from '#shared/text.ts';
import { useSend, useText } from '../../app/context.tsx';
import { listNames, resultChoices } from '../../app/keys.ts';
import type { WrapUpView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { Clipped, Group, Kbd, KeyButton, Running, Tag } from '../../components/pieces.tsx';
import { TypedInput } from '../../components/typedInput.tsx';
import { regionNames, ui } from '../names.ts';
import { AppointmentInput } from './appointment.tsx';
import { NoteInput } from './scriptPanel.tsx';

export function WrapUpPanel({ wrapUp, active }: { wrapUp: WrapUpView; active: string | null }) {
  const say = useText();
  const send = useSend();
  const kind = wrapUp.kind === null ? '' : ` · ${say(caseKindTexts[wrapUp.kind])}`;
  return (
    <section className="panel middle" aria-label={say(regionNames.wrapUp)} aria-busy={wrapUp.saving}>
      <header className="panel-head">
        <h2>{say(regionNames.wrapUp)}</h2>
        <Clipped className="faint" text={`${wrapUp.name}${kind}`} />
        <span className="right" />
        {wrapUp.interrupted && (
          <span className="tag warning">{say({ zh: '上次中断，补做', en: 'Interrupted before, finish it now' })}</span>
        )}
        <span className="faint">
          <Running since={wrapUp.since} until={wrapUp.limitSeconds} />
        </span>
      </header>
      <div className="panel-body wrap-up" tabIndex={-1} data-first-focus>
        <Results wrapUp={wrapUp} active={active} />
        <Dispositions wrapUp={wrapUp} active={active} />
        <Evidence wrapUp={wrapUp} />
        <Employees wrapUp={wrapUp} active={active} />
        <Answers wrapUp={wrapUp} />
        <FollowUps wrapUp={wrapUp} />
        <AppointmentInput
          appointment={wrapUp.appointment}
          needed={wrapUp.needsAppointment}
          said={wrapUp.appointmentSaid}
          agreedExact={wrapUp.appointmentExact}
          problem={wrapUp.appointmentProblem}
        />
        <NoteInput
          note={wrapUp.note}
          required={wrapUp.noteRequired}
          missing={wrapUp.noteRequired && wrapUp.note.trim() === ''}
        />
      </div>
      <footer className="panel-foot">
        <span className="foot-words" role="status">
          {wrapUp.problem !== null ? (
            <span className="problem">{say(wrapUp.problem)}</span>
          ) : !wrapUp.canConfirm && !wrapUp.saving ? (
            <span className="tone-warning">{say(missingWords(wrapUp))}</span>
          ) : (
            <span className="hint">{say({ zh: '确认后 5 秒内可撤回', en: 'Can be taken back for 5 seconds' })}</span>
          )}
        </span>
        <span className="right" />
        <KeyButton
          label={say(wrapUp.saving ? ui.saving : ui.confirmNext)}
          command="commit"
          look="primary"
          disabled={!wrapUp.canConfirm || wrapUp.saving}
          onPress={() => send({ type: 'wrapUp.confirmed' })}
        />
      </footer>
    </section>
  );
}

/** What still has to be said before this can be confirmed. */
function missingWords(wrapUp: WrapUpView): Text {
  const missing: Text[] = [
    ...(wrapUp.chosen === null ? [{ zh: '外呼结果', en: 'call result' }] : []),
    ...(wrapUp.disposition === null && wrapUp.dispositionChoices.length > 0
      ? [{ zh: '回访结果', en: 'result of the case' }]
      : []),
    ...wrapUp.evidence.filter(({ value, required }) => required && value.trim() === '').map(({ label }) => label),
    ...(wrapUp.needsAppointment && (wrapUp.appointment === null || wrapUp.appointment.at === '')
      ? [{ zh: '预约时间', en: 'appointment' }]
      : []),
    ...(wrapUp.noteRequired && wrapUp.note.trim() === '' ? [{ zh: '备注', en: 'note' }] : []),
  ];
  if (missing.length === 0 && wrapUp.canGoOn && wrapUp.employees.length > 0)
    return { zh: '接着核实下一位，或先挂断再确认', en: 'Go on with the next, or hang up and confirm' };
  if (missing.length === 0) return wrapUp.appointmentProblem ?? { zh: '还不能确认', en: 'Cannot be confirmed yet' };
  return {
    zh: `还差：${missing.map(({ zh }) => zh).join('、')}`,
    en: `Missing: ${missing.map(({ en }) => en).join(', ')}`,
  };
}

function Results({ wrapUp, active }: { wrapUp: WrapUpView; active: string | null }) {
  const say = useText();
  const send = useSend();
  const { chosen, proposal } = wrapUp;
  const choices = resultChoices(wrapUp);
  return (
    <>
      <Group
        className={`proposal ${chosen === null ? 'open' : ''}`}
        label={say({ zh: '建议的外呼结果', en: 'Proposed call result' })}
      >
        <b>
          {chosen === null
            ? say({ zh: '请选择外呼结果', en: 'Choose the call result' })
            : say(callResultFacts[chosen].text)}
        </b>
        {chosen !== null && chosen === proposal.result && (
          <span className="tag info">{say({ zh: '系统建议', en: 'proposed' })}</span>
        )}
        <i>{say(proposal.reason)}</i>
        {proposal.result !== null && chosen !== proposal.result && (
          <i>
            {say({ zh: '系统建议：', en: 'Proposed: ' })}
            {say(callResultFacts[proposal.result].text)}
          </i>
        )}
      </Group>
      <Options
        name={listNames.results}
        label={say({ zh: '外呼结果', en: 'Call result' })}
        look="chips"
        numbers={active === listNames.results}
        missing={chosen === null}
        options={choices.map(({ result, label }) => ({ id: result, label, chosen: result === chosen }))}
        onChoose={(id) => {
          const choice = choices.find(({ result }) => result === id);
          if (choice !== undefined) send({ type: 'result.chosen', result: choice.result });
        }}
      >
        {wrapUp.more.length > 0 && (
          <button
            type="button"
            className="button chip"
            aria-expanded={wrapUp.moreOpen}
            onClick={() => send({ type: 'moreResults.toggled' })}
          >
            <kbd>{wrapUp.moreOpen ? 'Esc' : '9'}</kbd>
            {say(wrapUp.moreOpen ? { zh: '常用', en: 'Usual ones' } : { zh: '更多', en: 'More' })}
          </button>
        )}
      </Options>
    </>
  );
}

function Dispositions({ wrapUp, active }: { wrapUp: WrapUpView; active: string | null }) {
  const say = useText();
  const send = useSend();
  const { disposition, dispositionChoices } = wrapUp;
  if (disposition === null && dispositionChoices.length === 0) return null;
  const idOf = (each: { code: string; sub: string | null }) => `${each.code}/${each.sub ?? ''}`;
  return (
    <div className="part">
      <h3>
        {say({ zh: '回访结果', en: 'Result of the case' })}
        {disposition !== null && <b>{say(disposition.label)}</b>}
      </h3>
      {dispositionChoices.length > 0 && (
        <Options
          name={listNames.dispositions}
          label={say({ zh: '回访结果', en: 'Result of the case' })}
          look="chips"
          numbers={active === listNames.dispositions}
          missing={disposition === null}
          options={dispositionChoices.map((choice) => ({
            id: idOf(choice),
            label: choice.label,
            chosen: disposition !== null && idOf(choice) === idOf(disposition),
          }))}
          onChoose={(id) => {
            const choice = dispositionChoices.find((each) => idOf(each) === id);
            if (choice !== undefined) send({ type: 'disposition.chosen', code: choice.code, sub: choice.sub });
          }}
        />
      )}
    </div>
  );
}

/** The employer's desk is still there: the next employee is asked about in the same call. */
function Employees({ wrapUp, active }: { wrapUp: WrapUpView; active: string | null }) {
  const say = useText();
  const send = useSend();
  if (wrapUp.employees.length === 0) return null;
  const title = { zh: '同一通电话继续核实', en: 'Go on in the same call' };
  return (
    <div className="part">
      <h3>
        {say(title)} {wrapUp.canGoOn && active !== listNames.employees && <Kbd>Enter</Kbd>}
      </h3>
      <p className="hint">
        {say({
          zh: '选择下一位员工：本次结果随即保存，不再撤回；不必重拨。',
          en: 'Choose the next employee: this result is saved then and not taken back; nothing is dialled.',
        })}
      </p>
      <Options
        name={listNames.employees}
        label={say(title)}
        look="small"
        numbers={active === listNames.employees}
        options={wrapUp.employees.map(({ caseId, name, line }) => ({
          id: caseId,
          label: { zh: name, en: name },
          hint: line,
          chosen: false,
        }))}
        onChoose={(caseId) => send({ type: 'employee.chosen', caseId })}
      />
    </div>
  );
}

function Evidence({ wrapUp }: { wrapUp: WrapUpView }) {
  const say = useText();
  const send = useSend();
  if (wrapUp.evidence.length === 0) return null;
  return (
    <div className="part evidence">
      {wrapUp.evidence.map((field) => (
        <div key={field.key}>
          <span className="field-label">
            <span>{say(field.label)}</span>
            {field.required && <span className="faint">{say({ zh: '必填', en: 'required' })}</span>}
            {field.suggestion !== null && field.value === '' && (
              <button
                type="button"
                className="link"
                title={field.suggestion}
                onClick={() => send({ type: 'evidence.typed', key: field.key, text: field.suggestion ?? '' })}
              >
                {say({ zh: '采用建议', en: 'Take it' })} <Kbd>Enter</Kbd>
              </button>
            )}
          </span>
          <TypedInput
            data-key="text"
            data-name={field.key}
            data-missing={(field.required && field.value.trim() === '') || undefined}
            maxLength={500}
            aria-label={say(field.label)}
            aria-required={field.required}
            placeholder={field.suggestion ?? ''}
            draft={field.value}
            onDraft={(text) => send({ type: 'evidence.typed', key: field.key, text })}
          />
        </div>
      ))}
    </div>
  );
}

function Answers({ wrapUp }: { wrapUp: WrapUpView }) {
  const say = useText();
  if (wrapUp.answers.length === 0) return null;
  return (
    <div className="part">
      <h3>{say({ zh: '已保存的回答', en: 'Answers, saved' })}</h3>
      <dl className="frozen">
        {wrapUp.answers.map((answer) => (
          <div key={answer.label.en}>
            <dt title={say(answer.label)}>{say(answer.label)}</dt>
            <dd>
              {answer.said} {answer.verdict !== null && <Tag badge={answer.verdict} />}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function FollowUps({ wrapUp }: { wrapUp: WrapUpView }) {
  const say = useText();
  const send = useSend();
  return (
    <ul className="follow-ups" aria-label={say({ zh: '后续安排', en: 'What follows' })}>
      {wrapUp.followUps.map((followUp) => (
        <li key={`${followUp.kind} ${followUp.rule.en}`} className={followUp.optional ? 'optional' : ''}>
          <label>
            <input
              type="checkbox"
              data-key="tick"
              data-name={followUp.kind}
              checked={followUp.ticked}
              disabled={!followUp.optional}
              onChange={(event) => send({ type: 'followUp.ticked', kind: followUp.kind, ticked: event.target.checked })}
            />
            <b>{say(followUp.text)}</b>
          </label>
          <i>
            {say({ zh: '规则：', en: 'Rule: ' })}
            {say(followUp.rule)}
          </i>
        </li>
      ))}
    </ul>
  );
}
