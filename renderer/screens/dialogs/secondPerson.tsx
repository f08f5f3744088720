/** 第二人确认: somebody else chooses the right number and says who they are. The number first, then account and password, by Tab and Enter. */
import { type SubmitEvent, useState } from 'react';
import { useSend, useText } from '../../app/context.tsx';
import type { DialogView } from '../../app/view.ts';
import { Kbd } from '../../components/pieces.tsx';
import { ui } from '../names.ts';

export function SecondPerson({ dialog }: { dialog: Extract<DialogView, { type: 'secondPerson' }> }) {
  const say = useText();
  const send = useSend();
  const { numbers, problem, busy } = dialog;
  const [chosen, setChosen] = useState<string | null>(null);
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  // A renewed lease may name other numbers: what is not there any more is not chosen.
  const ready = numbers.some(({ id }) => id === chosen) && account.trim() !== '' && password !== '' && !busy;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready || chosen === null) return;
    send({ type: 'secondPerson.given', id: chosen, account, password });
    setPassword('');
  };
  return (
    <form onSubmit={submit}>
      <p>
        {say({
          zh: `请班长或另一位坐席对照原件，选出「${dialog.contactLabel}」的正确号码，并输入自己的工号和密码。`,
          en: `The lead or another agent compares with the papers, chooses the right number of "${dialog.contactLabel}" and enters their own account and password.`,
        })}
      </p>
      <fieldset className="second-person">
        <legend>{say({ zh: '正确的号码', en: 'The right number' })}</legend>
        {numbers.map(({ id, number, sources }, at) => (
          <label key={id}>
            <input
              type="radio"
              name="number"
              data-dialog-focus={at === 0 || undefined}
              checked={chosen === id}
              onChange={() => setChosen(id)}
            />
            <b>{number}</b>
            <span className="faint">{say(sources)}</span>
          </label>
        ))}
      </fieldset>
      <input
        className="input"
        value={account}
        maxLength={40}
        autoComplete="off"
        aria-label={say({ zh: '第二人工号', en: "Second person's account" })}
        placeholder={say({ zh: '第二人工号', en: "Second person's account" })}
        onChange={(event) => setAccount(event.target.value)}
      />
      <input
        className="input"
        type="password"
        value={password}
        maxLength={200}
        autoComplete="off"
        aria-label={say({ zh: '第二人密码', en: "Second person's password" })}
        placeholder={say({ zh: '第二人密码', en: "Second person's password" })}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p className="problem line" role="alert">
        {problem === null ? '' : say(problem)}
      </p>
      <p className="hint">
        {say({
          zh: '谁确认的会随这次外呼一起记录；密码不会保存，也不会签入。',
          en: 'Who confirmed is recorded with the call; the password is not kept, and nobody is signed in.',
        })}
      </p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => send({ type: 'dialog.closed' })}>
          {say(ui.cancel)} <Kbd>Esc</Kbd>
        </button>
        <button type="submit" className="button primary" disabled={!ready}>
          {say({ zh: '确认号码', en: 'Confirm the number' })} <Kbd>Enter</Kbd>
        </button>
      </div>
    </form>
  );
}
