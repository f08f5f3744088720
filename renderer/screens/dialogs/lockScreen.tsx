import { Button, Input } from 'antd';
import { type SubmitEvent, useState } from 'react';
import { useSend, useText } from '../../app/context.tsx';
import type { View } from '../../app/view.ts';
import { ui } from '../names.ts';

/** Over everything: names and numbers are not behind it, they are gone from the page until the password is right. */
export function LockScreen({ locked, person }: { locked: NonNullable<View['locked']>; person: View['person'] }) {
  const say = useText();
  const send = useSend();
  const [password, setPassword] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (password !== '') send({ type: 'unlock.given', password });
    setPassword('');
  };
  return (
    <section className="lock" aria-label={say({ zh: '已锁屏', en: 'Locked' })}>
      <form className="card" onSubmit={submit}>
        <h1>{say({ zh: '已锁屏', en: 'Locked' })}</h1>
        <p className="hint clip" title={person?.name}>
          {person === null ? '' : `${person.account} · ${person.name}`}
        </p>
        <Input.Password
          autoFocus
          value={password}
          maxLength={200}
          autoComplete="current-password"
          size="large"
          aria-label={say({ zh: '密码', en: 'Password' })}
          placeholder={say({ zh: '密码', en: 'Password' })}
          onChange={(event) => setPassword(event.target.value)}
        />
        <p className="problem line" role="alert">
          {locked.problem === null ? '' : say(locked.problem)}
        </p>
        <Button type="primary" size="large" htmlType="submit" loading={locked.busy} disabled={password === ''}>
          {say({ zh: '解锁', en: 'Unlock' })}
        </Button>
        <p className="faint">
          {say(ui.product)} · {say({ zh: '通话不会因锁屏中断', en: 'a call goes on while locked' })}
        </p>
      </form>
    </section>
  );
}
