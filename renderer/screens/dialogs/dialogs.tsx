/** A question in front of everything. Esc closes it (useKeys); the focus starts where the answer is given. */
import { Modal } from 'antd';
import { type ReactNode, type SubmitEvent, useRef, useState } from 'react';
import { breakReasons } from '#shared/journal/entry.ts';
import { assertNever } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import { useLatestView, useSend, useText } from '../../app/context.tsx';
import { breakReasonTexts } from '../../app/text/words.ts';
import type { DialogView, UserEvent, View } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { Kbd } from '../../components/pieces.tsx';
import { ui } from '../names.ts';
import { CloseButton } from './closeButton.tsx';
import { CloseMissed } from './closeMissed.tsx';
import { Help } from './help.tsx';
import { OpenQuestions } from './openQuestions.tsx';
import { ReasonForm } from './reasonForm.tsx';
import { SecondPerson } from './secondPerson.tsx';
import { SelfCheck } from './selfCheck.tsx';
import { Settings } from './settings.tsx';
import { Settle } from './settle.tsx';

const titles: Readonly<Record<DialogView['type'], Text>> = {
  help: { zh: '按键与帮助', en: 'Keys and help' },
  break: { zh: '示忙：选择原因', en: 'Break: why?' },
  skip: { zh: '跳过并说明', en: 'Skip with a reason' },
  closeMissed: { zh: '不回拨：说明原因', en: 'No call back: why?' },
  secondPerson: { zh: '第二人确认', en: 'Second person' },
  settle: { zh: '处理完毕：说明结果', en: 'Settle: what was decided?' },
  signOut: { zh: '签出', en: 'Sign out' },
  link: { zh: '外部链接', en: 'A link from outside' },
  finder: { zh: '查找任务、客户问题、命令', en: 'Find a case, a customer’s question, a command' },
  openQuestions: { zh: '先记后问', en: 'Fill ahead' },
  customerQuestion: { zh: '客户问', en: 'The customer asks' },
  settings: { zh: '设置 · 声音设备', en: 'Settings · sound devices' },
  selfCheck: { zh: '自检', en: 'Self-check' },
};

const widths: Readonly<Record<DialogView['type'], number>> = {
  help: 920,
  break: 480,
  skip: 480,
  closeMissed: 480,
  secondPerson: 480,
  settle: 480,
  signOut: 480,
  link: 480,
  finder: 620,
  customerQuestion: 620,
  openQuestions: 620,
  settings: 640,
  selfCheck: 640,
};

export function Dialogs({ view }: { view: View }) {
  const say = useText();
  const send = useSend();
  const content = useRef<HTMLDivElement>(null);
  const { dialog } = view;
  if (dialog === null) return null;
  const closing: UserEvent = dialog.type === 'link' ? { type: 'link.dismissed' } : { type: 'dialog.closed' };
  return (
    <Modal
      key={dialog.type}
      open
      title={say(titles[dialog.type])}
      footer={null}
      width={widths[dialog.type]}
      style={{ top: 56 }}
      keyboard={false}
      mask={{ closable: false }}
      closable={{ 'aria-label': say(ui.close) }}
      onCancel={() => send(closing)}
      afterOpenChange={(open) => {
        const inside = content.current;
        // Whoever has begun inside already keeps the focus they have.
        if (open && inside?.contains(document.activeElement) === false)
          inside.querySelector<HTMLElement>('[data-dialog-focus], [data-first-focus]')?.focus();
      }}
    >
      <div className="dialog" ref={content}>
        <Content dialog={dialog} />
      </div>
    </Modal>
  );
}

function Content({ dialog }: { dialog: DialogView }) {
  switch (dialog.type) {
    case 'help':
      return <Help />;
    case 'break':
      return <Break />;
    case 'skip':
      return <Skip reason={dialog.reason} />;
    case 'closeMissed':
      return <CloseMissed dialog={dialog} />;
    case 'secondPerson':
      return <SecondPerson dialog={dialog} />;
    case 'settle':
      return <Settle dialog={dialog} />;
    case 'signOut':
      return <SignOut unsent={dialog.unsent} />;
    case 'link':
      return <Link target={dialog.target} />;
    case 'finder':
      return <Finder dialog={dialog} />;
    case 'customerQuestion':
      return <CustomerQuestion dialog={dialog} />;
    case 'openQuestions':
      return <OpenQuestions dialog={dialog} />;
    case 'settings':
      return <Settings devices={dialog.devices} canTest={dialog.canTest} />;
    case 'selfCheck':
      return <SelfCheck dialog={dialog} />;
    default:
      return assertNever(dialog);
  }
}

function Break() {
  const say = useText();
  const send = useSend();
  return (
    <Options
      name="breakReasons"
      label={say(titles.break)}
      numbers
      firstFocus
      look="chips"
      options={breakReasons.map((reason) => ({ id: reason, label: breakReasonTexts[reason], chosen: false }))}
      onChoose={(id) => {
        const reason = breakReasons.find((each) => each === id);
        if (reason !== undefined) send({ type: 'break.started', reason });
      }}
    />
  );
}

function Skip({ reason }: { reason: string }) {
  const send = useSend();
  return (
    <ReasonForm
      label={{ zh: '跳过原因', en: 'Reason' }}
      placeholder={{ zh: '为什么现在不拨，例如：等授权书', en: 'Why not now, for example: waits for papers' }}
      confirm={{ zh: '跳过', en: 'Skip' }}
      draft={reason}
      onReason={(given) => send({ type: 'case.skipped', reason: given })}
    />
  );
}

function SignOut({ unsent }: { unsent: number }) {
  const say = useText();
  const send = useSend();
  return (
    <>
      <p>
        {unsent === 0
          ? say({ zh: '签出后，未处理的任务会退回后台。', en: 'Cases you have not touched go back to the server.' })
          : say({
              zh: `还有 ${unsent} 条记录未上传。记录已安全保存在本机，签出后仍会自动上传；请尽量等上传完再离开。`,
              en: `${unsent} entries are not sent yet. They are safe on this machine and go out by themselves; better wait until they have.`,
            })}
      </p>
      <div className="dialog-foot">
        <button type="button" className="button" data-dialog-focus onClick={() => send({ type: 'dialog.closed' })}>
          {say({ zh: '留下', en: 'Stay' })} <Kbd>Esc</Kbd>
        </button>
        <button
          type="button"
          className={`button ${unsent === 0 ? 'primary' : 'danger'}`}
          onClick={() => send({ type: 'signOut.confirmed' })}
        >
          {say(ui.signOut)}
        </button>
      </div>
    </>
  );
}

function Link({ target }: { target: string }) {
  const say = useText();
  const send = useSend();
  return (
    <>
      <p>
        {say({
          zh: '另一个程序请求拨打下面的号码。外部链接不会直接拨号：请先找到对应的任务。',
          en: 'Another program asks to call this. Links never dial: find the case first.',
        })}
      </p>
      <p className="link-target">{target}</p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => send({ type: 'link.dismissed' })}>
          {say({ zh: '忽略', en: 'Ignore' })} <Kbd>Esc</Kbd>
        </button>
        <button
          type="button"
          className="button primary"
          data-dialog-focus
          onClick={() => {
            send({ type: 'link.dismissed' });
            send({ type: 'dialog.opened', dialog: 'finder' });
            send({ type: 'finder.typed', text: target });
          }}
        >
          {say({ zh: '查找任务', en: 'Find the case' })}
        </button>
      </div>
    </>
  );
}

function Finder({ dialog }: { dialog: Extract<DialogView, { type: 'finder' }> }) {
  const say = useText();
  const send = useSend();
  const latestView = useLatestView();
  const [query, setQuery] = useState(dialog.query);
  const [at, setAt] = useState(0);
  const selected = Math.min(at, dialog.results.length - 1);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // Who types fast presses Enter before the results of the last letter are drawn.
    const { dialog: latest } = latestView();
    const results = latest?.type === 'finder' ? latest.results : [];
    const result = results[Math.min(at, results.length - 1)];
    if (result !== undefined) send({ type: 'finder.chosen', id: result.id });
  };
  return (
    <form onSubmit={submit} className="finder">
      <input
        className="input"
        data-dialog-focus
        role="combobox"
        aria-expanded
        aria-controls="finder-results"
        aria-activedescendant={selected < 0 ? undefined : `finder-${selected}`}
        value={query}
        maxLength={100}
        autoComplete="off"
        aria-label={say(titles.finder)}
        placeholder={say({
          zh: '姓名、尾号、拼音首字母、回访编号、客户问题、命令',
          en: 'Name, last digits, initials, case, question, command',
        })}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
          send({ type: 'finder.typed', text: event.target.value });
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || (event.code !== 'ArrowDown' && event.code !== 'ArrowUp')) return;
          event.preventDefault();
          setAt(Math.max(0, Math.min(dialog.results.length - 1, selected + (event.code === 'ArrowDown' ? 1 : -1))));
        }}
      />
      <div
        role="listbox"
        id="finder-results"
        className="finder-results"
        aria-label={say({ zh: '结果', en: 'Results' })}
      >
        {dialog.results.map((result, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: arrows, Enter and Alt+digit of the field above
          <div
            role="option"
            tabIndex={-1}
            key={result.id}
            id={`finder-${index}`}
            aria-selected={index === selected}
            onClick={() => send({ type: 'finder.chosen', id: result.id })}
          >
            {index < 9 ? <Kbd>Alt {index + 1}</Kbd> : <span />}
            <FinderWords label={say(result.label)}>{result.hint !== null && <i>{say(result.hint)}</i>}</FinderWords>
          </div>
        ))}
        {dialog.results.length === 0 && (
          <p className="hint">
            {query.trim() === ''
              ? say({ zh: '输入即查找。', en: 'Type to find.' })
              : say({
                  zh: '没有找到。可试试尾号四位或拼音首字母。',
                  en: 'Nothing found. Try the last four digits or initials.',
                })}
          </p>
        )}
      </div>
    </form>
  );
}

/** The sentence to read aloud, as large as the script's. Nothing of it is recorded: the call stands where it stood. */
function CustomerQuestion({ dialog }: { dialog: Extract<DialogView, { type: 'customerQuestion' }> }) {
  const say = useText();
  return (
    <>
      <p className="hint">{say(dialog.question)}</p>
      <p className="say">{say(dialog.answer)}</p>
      <CloseButton />
    </>
  );
}

function FinderWords({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="finder-words">
      <b className="clip" title={label}>
        {label}
      </b>
      {children}
    </span>
  );
}
