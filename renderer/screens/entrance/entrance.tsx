/** 签入 and what comes before it; the self-check runs beside it and says in one sentence what is wrong and what to do. */
import { Button, Input } from 'antd';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { assertNever } from '#shared/problem.ts';
import type { Language, Text } from '#shared/text.ts';
import { useLanguage, useNow, useSend, useText } from '../../app/context.tsx';
import { clockTime, dayAndTime, dayText } from '../../app/text/time.ts';
import type { EntranceView, WaitingView } from '../../app/view.ts';
import { CheckList } from '../checkList.tsx';
import { regionNames, ui } from '../names.ts';

export function Entrance({ entrance, language }: { entrance: EntranceView; language: Language }) {
  const say = useText();
  const send = useSend();
  return (
    <main className="entrance">
      <header>
        <span className="logo">
          {say({ zh: '回访', en: 'Huifang' })}
          <small>{say({ zh: 'Huifang · 住房贷款回访坐席终端', en: '回访 · mortgage call-back workstation' })}</small>
        </span>
        <span className="right" />
        <button
          type="button"
          className="button"
          onClick={() => send({ type: 'language.chosen', language: language === 'zh' ? 'en' : 'zh' })}
        >
          {say(ui.language)}
        </button>
      </header>
      <div className="entrance-columns">
        <section className="card" aria-label={say(regionNames.signIn)}>
          <Stage key={entrance.stage.type} entrance={entrance} />
          <p className="problem line" role="alert">
            {entrance.problem === null ? '' : say(entrance.problem)}
          </p>
          <p className="faint clip" title={entrance.serverOrigin}>
            {say({ zh: '后台', en: 'Server' })} {entrance.serverOrigin}
          </p>
        </section>
        <section className="card checks" aria-label={say(regionNames.selfCheck)}>
          <h2>
            {say(regionNames.selfCheck)}
            <button
              type="button"
              className="button"
              onClick={() => send({ type: 'dialog.opened', dialog: 'settings' })}
            >
              {say(ui.sound)}
            </button>
          </h2>
          <CheckList checks={entrance.checks} />
        </section>
      </div>
    </main>
  );
}

function Stage({ entrance }: { entrance: EntranceView }) {
  const say = useText();
  const send = useSend();
  const { stage, busy } = entrance;
  switch (stage.type) {
    case 'starting':
      return (
        <>
          <h1>{say({ zh: '正在启动', en: 'Starting' })}</h1>
          <p className="hint" role="status">
            {say({ zh: '正在打开本机数据…', en: 'Opening the data of this machine…' })}
          </p>
        </>
      );
    case 'stopped':
      return (
        <>
          <h1 className="problem">{say(stage.title)}</h1>
          <p role="alert">{say(stage.sentence)}</p>
          {stage.retry && (
            <Button type="primary" size="large" autoFocus loading={busy} onClick={() => send({ type: 'retry.asked' })}>
              {say({ zh: '重试', en: 'Try again' })}
            </Button>
          )}
        </>
      );
    case 'enrol':
      return <Enrol code={stage.code} busy={busy} />;
    case 'choosePin':
      return <ChoosePin busy={busy} />;
    case 'enterPin':
      return <EnterPin waitUntil={stage.waitUntil} busy={busy} />;
    case 'signIn':
      return <SignIn stage={stage} busy={busy} />;
    default:
      return assertNever(stage);
  }
}

function Form({
  title,
  words,
  action,
  busy,
  ready,
  onSubmit,
  children,
}: {
  title: Text;
  words: Text;
  action: Text;
  busy: boolean;
  ready: boolean;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const say = useText();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (ready && !busy) onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <h1>{say(title)}</h1>
      <p className="hint">{say(words)}</p>
      {children}
      <Button type="primary" size="large" htmlType="submit" block loading={busy} disabled={!ready}>
        {say(action)}
      </Button>
    </form>
  );
}

function Labelled({ label, children }: { label: Text; children: ReactNode }) {
  const say = useText();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="labelled">
      <span>{say(label)}</span>
      {children}
    </label>
  );
}

function Enrol({ code: given, busy }: { code: string; busy: boolean }) {
  const send = useSend();
  const [code, setCode] = useState(given);
  const [stationName, setStationName] = useState('');
  return (
    <Form
      title={{ zh: '登记坐席终端', en: 'Enrol this station' }}
      words={{
        zh: '输入管理员给的一次性登记码。每台终端只做一次。',
        en: 'Enter the one-time code from your administrator. Once for each station.',
      }}
      action={{ zh: '登记', en: 'Enrol' }}
      busy={busy}
      ready={code.trim().length >= 4 && stationName.trim() !== ''}
      onSubmit={() =>
        send({ type: 'enrolment.given', code: code.normalize('NFKC').trim(), stationName: stationName.trim() })
      }
    >
      <Labelled label={{ zh: '登记码', en: 'Enrolment code' }}>
        <Input
          size="large"
          autoFocus
          value={code}
          maxLength={64}
          autoComplete="off"
          onChange={(event) => setCode(event.target.value)}
        />
      </Labelled>
      <Labelled label={{ zh: '终端名称', en: 'Name of the station' }}>
        <Input
          size="large"
          value={stationName}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => setStationName(event.target.value)}
        />
      </Labelled>
    </Form>
  );
}

const pinFits = (pin: string) => /^\d{6,12}$/.test(pin);

function ChoosePin({ busy }: { busy: boolean }) {
  const say = useText();
  const send = useSend();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  return (
    <Form
      title={{ zh: '设置终端口令', en: 'Choose a station PIN' }}
      words={{
        zh: '本机没有系统密钥库，用口令保护本机数据。6 至 12 位数字，不要与银行密码相同。',
        en: 'This machine has no keyring: a PIN protects its data. 6 to 12 digits, never your bank password.',
      }}
      action={{ zh: '设置', en: 'Choose' }}
      busy={busy}
      ready={pinFits(pin) && pin === again}
      onSubmit={() => send({ type: 'pin.given', pin })}
    >
      <Labelled label={{ zh: '终端口令', en: 'Station PIN' }}>
        <PinInput autoFocus value={pin} onPin={setPin} />
      </Labelled>
      <Labelled label={{ zh: '再输一次', en: 'Once more' }}>
        <PinInput value={again} onPin={setAgain} />
      </Labelled>
      <p className="problem line" role="status">
        {again !== '' && again.length >= pin.length && again !== pin
          ? say({ zh: '两次输入不一致', en: 'The two differ' })
          : ''}
      </p>
    </Form>
  );
}

function EnterPin({ waitUntil, busy }: { waitUntil: number | null; busy: boolean }) {
  const say = useText();
  const send = useSend();
  const [pin, setPin] = useState('');
  const now = useNow(500);
  const left = waitUntil === null ? 0 : Math.ceil((waitUntil - now) / 1000);
  return (
    <Form
      title={{ zh: '输入终端口令', en: 'Enter the station PIN' }}
      words={{
        zh: '口令打开本机数据，不是银行密码。',
        en: 'It opens the data of this machine; it is not your bank password.',
      }}
      action={{ zh: '打开', en: 'Open' }}
      busy={busy}
      ready={pinFits(pin) && left <= 0}
      onSubmit={() => {
        send({ type: 'pin.given', pin });
        setPin('');
      }}
    >
      <Labelled label={{ zh: '终端口令', en: 'Station PIN' }}>
        <PinInput autoFocus value={pin} onPin={setPin} />
      </Labelled>
      <p className="tone-warning line" role="status">
        {left > 0 ? say({ zh: `请等 ${left} 秒再试`, en: `Wait ${left} s before the next try` }) : ''}
      </p>
    </Form>
  );
}

function PinInput({
  value,
  onPin,
  autoFocus = false,
}: {
  value: string;
  onPin: (pin: string) => void;
  autoFocus?: boolean;
}) {
  return (
    <Input.Password
      size="large"
      autoFocus={autoFocus}
      value={value}
      maxLength={12}
      inputMode="numeric"
      autoComplete="off"
      visibilityToggle={false}
      onChange={(event) => onPin(event.target.value.normalize('NFKC').replace(/\D/g, ''))}
    />
  );
}

function SignIn({ stage, busy }: { stage: Extract<EntranceView['stage'], { type: 'signIn' }>; busy: boolean }) {
  const say = useText();
  const send = useSend();
  const [account, setAccount] = useState(stage.account);
  const [password, setPassword] = useState('');
  const { appointments, promised } = stage.waiting;
  return (
    <Form
      title={{ zh: '签入', en: 'Sign in' }}
      words={
        stage.offlinePossible
          ? {
              zh: '后台连不上时，也可以凭上次授权离线签入。',
              en: 'Without the server you may sign in on your last grant.',
            }
          : { zh: '使用行内工号和密码。', en: 'With your account at the bank.' }
      }
      action={{ zh: '签入', en: 'Sign in' }}
      busy={busy}
      ready={account.trim() !== '' && password !== ''}
      onSubmit={() => send({ type: 'signIn.given', account: account.normalize('NFKC').trim(), password })}
    >
      <Labelled label={{ zh: '工号', en: 'Account' }}>
        <Input
          size="large"
          autoFocus={stage.account === ''}
          value={account}
          maxLength={40}
          autoComplete="username"
          onChange={(event) => setAccount(event.target.value)}
        />
      </Labelled>
      <Labelled label={{ zh: '密码', en: 'Password' }}>
        <Input.Password
          size="large"
          autoFocus={stage.account !== ''}
          value={password}
          maxLength={200}
          autoComplete="current-password"
          onChange={(event) => setPassword(event.target.value)}
        />
      </Labelled>
      {(stage.unfinished > 0 || stage.unsent > 0 || appointments.count > 0 || promised.count > 0) && (
        <ul className="waiting">
          <Due due={appointments} label={{ zh: '预约回拨', en: 'Appointments' }} />
          <Due due={promised} label={{ zh: '待回拨', en: 'To call back' }} />
          {stage.unfinished > 0 && (
            <li className="tone-warning">
              {say({
                zh: `有 ${stage.unfinished} 个中断的通话等待话后处理`,
                en: `Interrupted calls that wait for wrap-up: ${stage.unfinished}`,
              })}
            </li>
          )}
          {stage.unsent > 0 && (
            <li>
              {say({
                zh: `有 ${stage.unsent} 条记录等待上传，已安全保存`,
                en: `${stage.unsent} entries wait to be sent, safely stored`,
              })}
            </li>
          )}
        </ul>
      )}
    </Form>
  );
}

/** What is due until the end of the day, the nearest by name; an hour of another day says which. */
function Due({ due, label }: { due: WaitingView['promised']; label: Text }) {
  const say = useText();
  const language = useLanguage();
  const now = useNow(60_000);
  if (due.count === 0) return null;
  const today = dayText(now, language);
  return (
    <li className="due">
      <b>
        {say(label)} {due.count}
      </b>
      {due.nearest.map(({ at, who }) => {
        const time = dayText(at, language) === today ? clockTime(at) : dayAndTime(at, now, language);
        return <span key={`${at} ${who.en}`}>{`${time} ${say(who)}`}</span>;
      })}
      {due.count > due.nearest.length && <span>…</span>}
    </li>
  );
}
