/** 话术: the sentence to say, large; what may not be said, always; what was answered, frozen. */
import type { Text } from '#shared/text.ts';
import { useLanguage, useSend, useText } from '../../app/context.tsx';
import { listNames } from '../../app/keys.ts';
import { clockTime } from '../../app/text/time.ts';
import type { ScriptView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { Group, Kbd, KeyButton, Tag } from '../../components/pieces.tsx';
import { TypedInput } from '../../components/typedInput.tsx';
import { regionNames, ui } from '../names.ts';
import { Field } from './field.tsx';

/** No exit of a script has such a name. */
const helpOption = 'help.asked';

const barTexts: Readonly<Record<ScriptView['progress'][number], Text>> = {
  done: { zh: '已答', en: 'answered' },
  differs: { zh: '不一致', en: 'differs' },
  current: { zh: '当前', en: 'current' },
  open: { zh: '未答', en: 'open' },
};

export function ScriptPanel({ script, active }: { script: ScriptView; active: string | null }) {
  const say = useText();
  const send = useSend();
  const { step } = script;
  return (
    <section className="panel middle" aria-label={say(regionNames.script)} data-step={step.id}>
      <header className="panel-head">
        <h2 className="clip" title={say(script.title)}>
          {say(script.title)}
        </h2>
        <span className="faint">v{script.version}</span>
        <span className="right" />
        {script.badges.map((badge) => (
          <Tag key={badge.text.en} badge={badge} />
        ))}
      </header>
      <Reveal reveal={script.reveal} callOver={script.callOver} />
      <div
        className="panel-body script"
        tabIndex={-1}
        data-first-focus={(step.fields.length === 0 && step.kind !== 'outcome' && !script.exitsOpen) || undefined}
      >
        <Progress script={script} />
        <p className="crumb">
          <span>
            {script.position.at} / {script.position.of}
          </span>
          <b className="clip" title={say(step.section)}>
            {say(step.section)}
          </b>
          {step.tags.map((badge) => (
            <Tag key={badge.text.en} badge={badge} />
          ))}
        </p>
        {script.saidAlready !== null && <p className="hint">{say(script.saidAlready)}</p>}
        {script.review === null ? <Step script={script} active={active} /> : <Review review={script.review} />}
      </div>
      {script.exitsOpen && (
        <div className="exits">
          <p className="hint">
            {say({ zh: '离开话术：选择原因；求助不离开', en: 'Leave the script: why? Calling for help does not' })}
          </p>
          <Options
            name={listNames.exits}
            label={say(ui.leave)}
            numbers
            look="chips"
            firstFocus
            options={[
              ...script.exits.map((exit) => ({ id: exit.id, label: exit.label, chosen: false })),
              { id: helpOption, label: script.helpAsked ? ui.helpAsked : ui.help, chosen: false },
            ]}
            onChoose={(id) =>
              send(id === helpOption ? { type: 'help.asked' } : { type: 'exit.chosen', step: step.id, exit: id })
            }
          />
        </div>
      )}
      <footer className="panel-foot">
        <KeyButton label={say(ui.previous)} command="previous" onPress={() => send({ type: 'previous.asked' })} />
        <KeyButton
          label={say(script.exitsOpen || script.review !== null ? ui.continueScript : ui.leave)}
          command="leave"
          onPress={() => send(script.review === null ? { type: 'exits.toggled' } : { type: 'review.closed' })}
        />
        {script.canFillAhead && (
          <KeyButton
            label={say(ui.fillAhead)}
            command="openQuestions"
            onPress={() => send({ type: 'dialog.opened', dialog: 'openQuestions' })}
          />
        )}
        <span className="right" />
        {script.review === null && step.kind !== 'outcome' && (
          <KeyButton
            label={say(step.kind === 'say' ? { zh: '已说明，下一步', en: 'Said, next' } : ui.commit)}
            command="commit"
            look="primary"
            disabled={script.exitsOpen}
            onPress={() => send({ type: 'step.committed', step: step.id })}
          />
        )}
      </footer>
    </section>
  );
}

/** Permanent, and as high when all may be said: nothing jumps. */
function Reveal({ reveal, callOver }: { reveal: ScriptView['reveal']; callOver: boolean }) {
  const say = useText();
  const { title, hint } = revealTexts[reveal];
  return (
    <p className={`reveal ${reveal === 'matter' ? 'may' : 'not'}`} role="note" aria-label={say(title)}>
      <b>{say(title)}</b>
      <span className="clip" title={say(hint)}>
        {say(hint)}
      </span>
      {callOver && <span className="tag warning right">{say({ zh: '通话已结束', en: 'The call is over' })}</span>}
    </p>
  );
}
const doNotDisclose: Text = { zh: '不可透露', en: 'Do not disclose' };
const revealTexts: Readonly<Record<ScriptView['reveal'], { title: Text; hint: Text }>> = {
  nothing: {
    title: doNotDisclose,
    hint: {
      zh: '身份未确认或他人在听：不说贷款、单位、金额。',
      en: 'Identity open, or somebody else listens: no loan, employer, amount.',
    },
  },
  employer: {
    title: doNotDisclose,
    hint: {
      zh: '单位或接听人未确认：不说员工姓名、贷款、金额、收入。',
      en: 'Firm or respondent not confirmed: no name, loan, amount, income.',
    },
  },
  employment: {
    title: doNotDisclose,
    hint: {
      zh: '单位已确认：只核实在职情况，不说贷款、金额、收入。',
      en: 'Firm confirmed: the employment only; no loan, amount, income.',
    },
  },
  matter: {
    title: { zh: '本人已确认', en: 'Identity confirmed' },
    hint: {
      zh: '可以说明业务内容；不先说出申请信息。',
      en: 'The matter may be named; file values are not said first.',
    },
  },
};

function Progress({ script }: { script: ScriptView }) {
  const say = useText();
  const done = script.progress.filter((bar) => bar === 'done' || bar === 'differs').length;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={say({ zh: '必问进度', en: 'Required questions' })}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, script.progress.length)}
      aria-valuenow={done}
    >
      {script.progress.map((bar, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name than their place
        <span key={index} className={bar} title={say(barTexts[bar])} />
      ))}
    </div>
  );
}

function Step({ script, active }: { script: ScriptView; active: string | null }) {
  const say = useText();
  const send = useSend();
  const { step } = script;
  return (
    <>
      {step.sentence !== null ? (
        <p className="say">{say(step.sentence)}</p>
      ) : (
        <p className="say observe">{say({ zh: '坐席观察，不念出', en: 'Your own observation: not read out' })}</p>
      )}
      {step.hint !== null && <p className="hint">{say(step.hint)}</p>}
      <LastAnswers answers={script.lastAnswers} />
      <Beside rows={step.beside} />
      {step.fields.map((field, index) => (
        <Field
          key={`${step.id} ${field.about}`}
          field={field}
          slip={step.slips.find((slip) => slip.about === field.about)?.sentence ?? null}
          alone={step.fields.length === 1}
          numbers={active === field.about && !script.exitsOpen}
          firstFocus={index === 0 && !script.exitsOpen}
        />
      ))}
      {step.kind === 'outcome' && (
        <Options
          name={listNames.outcomes}
          label={say({ zh: '回访结果', en: 'Result' })}
          numbers={active === listNames.outcomes}
          firstFocus={!script.exitsOpen}
          options={script.outcomes.map((outcome) => ({
            id: `${outcome.code}/${outcome.sub ?? ''}`,
            label: outcome.label,
            hint: outcome.hint,
            chosen: false,
          }))}
          onChoose={(id) => {
            const outcome = script.outcomes.find(({ code, sub }) => `${code}/${sub ?? ''}` === id);
            if (outcome !== undefined) send({ type: 'outcome.chosen', code: outcome.code, sub: outcome.sub });
          }}
        />
      )}
      {script.next.length > 0 && (
        <ul className="next-lines">
          {script.next.slice(0, 2).map((line) => (
            <li key={line.en}>
              {say({ zh: '接着：', en: 'Then: ' })}
              {say(line)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function LastAnswers({ answers }: { answers: ScriptView['lastAnswers'] }) {
  const say = useText();
  if (answers.length === 0) return null;
  const bad = answers.some(({ verdict }) => verdict.tone === 'warning' || verdict.tone === 'bad');
  return (
    <Group
      className={`comparison ${bad ? 'differs' : ''}`}
      label={say({ zh: '回答与申请信息', en: 'Answer and application' })}
    >
      {answers.map((answer) => (
        <dl key={answer.label.en}>
          <dt>{answers.length > 1 ? say(answer.label) : say({ zh: '客户回答', en: 'Answer' })}</dt>
          <dd>
            {answer.said}{' '}
            <span className="hint">
              {clockTime(answer.savedAt, true)} {say({ zh: '已保存', en: 'saved' })}
            </span>{' '}
            <Tag badge={answer.verdict} />
          </dd>
          {answer.file !== null && (
            <>
              <dt>{say({ zh: '申请信息', en: 'Application' })}</dt>
              <dd>{answer.file}</dd>
            </>
          )}
        </dl>
      ))}
    </Group>
  );
}

/** Two people about one job. What the borrower said is for the agent's eyes: the employer is not told. */
function Beside({ rows }: { rows: ScriptView['step']['beside'] }) {
  const say = useText();
  if (rows.length === 0) return null;
  return (
    <Group
      className="comparison beside"
      label={say({
        zh: '单位与借款人的说法，仅供比对，不可透露',
        en: 'Employer and borrower: to compare, not to disclose',
      })}
    >
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{say({ zh: '单位说', en: 'Employer' })}</th>
            <th scope="col">{say({ zh: '借款人说', en: 'Borrower' })}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, said, borrower }) => (
            <tr key={label.en}>
              <th scope="row">{say(label)}</th>
              <td>{said}</td>
              <td>{borrower ?? <span className="faint">{say({ zh: '没有说明', en: 'Did not say' })}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        {say({
          zh: '仅供比对：不要把借款人的说法念给单位。',
          en: 'To compare only: do not read the borrower’s words to the employer.',
        })}
      </p>
    </Group>
  );
}

function Review({ review }: { review: NonNullable<ScriptView['review']> }) {
  const say = useText();
  const send = useSend();
  const language = useLanguage();
  return (
    <Group className="review" label={say({ zh: '查看已答问题', en: 'An earlier question' })}>
      <p className="hint">
        {say({ zh: '已答，不可改写；更正须说明原因。', en: 'Answered and frozen; a correction needs a reason.' })}
      </p>
      <p className="say past">{say(review.sentence)}</p>
      <dl className="frozen">
        {review.answers.map((answer) => (
          <div key={answer.label.en}>
            <dt>{say(answer.label)}</dt>
            <dd>{answer.said}</dd>
          </div>
        ))}
      </dl>
      {review.askReason ? (
        <form
          key={language}
          onSubmit={(event) => {
            event.preventDefault();
            const reason = new FormData(event.currentTarget).get('reason');
            if (typeof reason === 'string' && reason.trim() !== '')
              send({ type: 'correction.given', step: review.step, reason: reason.trim() });
          }}
        >
          <input
            className="input"
            name="reason"
            data-key="text"
            data-name="reason"
            data-first-focus
            maxLength={200}
            autoComplete="off"
            defaultValue={review.reason}
            aria-label={say({ zh: '更正原因', en: 'Reason for the correction' })}
            placeholder={say({ zh: '更正原因，例如：客户当场改口', en: 'Reason, for example: said otherwise at once' })}
          />
          <button type="submit" className="button primary">
            {say({ zh: '更正并重问', en: 'Correct, ask again' })} <Kbd>Enter</Kbd>
          </button>
        </form>
      ) : (
        <button type="button" className="button" data-first-focus onClick={() => send({ type: 'correction.asked' })}>
          {say({ zh: '更正', en: 'Correct' })}
        </button>
      )}
    </Group>
  );
}

export function NoteInput({ note, required, missing }: { note: string; required: boolean; missing: boolean }) {
  const say = useText();
  const send = useSend();
  const label = required
    ? { zh: '备注（必填）', en: 'Note (required)' }
    : { zh: '备注（可不填）', en: 'Note (optional)' };
  return (
    <TypedInput
      data-key="text"
      data-name="note"
      data-missing={missing || undefined}
      lines={2}
      maxLength={2000}
      aria-label={say({ zh: '备注', en: 'Note' })}
      aria-required={required}
      placeholder={say(label)}
      draft={note}
      onDraft={(text) => send({ type: 'note.typed', text })}
    />
  );
}
