/** 声音设备: microphone, speaker and ringer, each chosen by itself and tried out on the spot; in mid-call too. */
import { type ReactNode, useId } from 'react';
import type { Text } from '#shared/text.ts';
import { useSend, useText } from '../../app/context.tsx';
import type { DeviceRowView } from '../../app/view.ts';
import { LevelMeter } from '../../components/levelMeter.tsx';
import { Tag } from '../../components/pieces.tsx';
import { CloseButton } from './closeButton.tsx';

const words: Readonly<
  Record<DeviceRowView['role'], { label: Text; hint: Text; test: Record<DeviceRowView['test'], Text> }>
> = {
  microphone: {
    label: { zh: '麦克风', en: 'Microphone' },
    hint: { zh: '客户听到的是它', en: 'What the customer hears' },
    test: {
      idle: { zh: '录 3 秒并回放', en: 'Record 3 s and play' },
      recording: { zh: '正在录音，请说话…', en: 'Recording: speak…' },
      playing: { zh: '正在回放…', en: 'Playing…' },
    },
  },
  speaker: {
    label: { zh: '听筒', en: 'Speaker' },
    hint: { zh: '客户的声音和拨号音', en: 'The customer’s voice, and the tones of a call' },
    test: {
      idle: { zh: '试听', en: 'Play a sound' },
      recording: { zh: '停止', en: 'Stop' },
      playing: { zh: '停止', en: 'Stop' },
    },
  },
  ringer: {
    label: { zh: '响铃', en: 'Ringer' },
    hint: { zh: '来电铃声；耳机摘下时也能听到', en: 'Incoming calls, heard with the headset off' },
    test: {
      idle: { zh: '试响铃', en: 'Ring' },
      recording: { zh: '停止', en: 'Stop' },
      playing: { zh: '停止', en: 'Stop' },
    },
  },
};

const systemDefault: Text = { zh: '跟随系统默认', en: 'The system’s default' };
const notThere: Text = { zh: '（未插上）', en: ' (not plugged in)' };
const unnamed: Text = { zh: '未命名的设备', en: 'A device without a name' };
const inUse: Text = { zh: '正在使用', en: 'In use' };

export function Settings({ devices, canTest }: { devices: readonly DeviceRowView[]; canTest: boolean }) {
  const say = useText();
  return (
    <>
      <div className="devices">
        {devices.map((row) => (
          <Device key={row.role} row={row} canTest={canTest} />
        ))}
      </div>
      <p className="hint">
        {canTest
          ? say({
              zh: '通话中也可以更换，对方不会察觉。耳机拔下时自动改用系统默认，插回后自动换回。',
              en: 'They can be changed in mid-call, nobody notices. Unplugged, the system’s default takes over; plugged in again, it returns.',
            })
          : say({
              zh: '通话中可以更换设备，对方不会察觉；试音要等通话结束。',
              en: 'Devices can be changed in mid-call, nobody notices; tests wait until the call is over.',
            })}
      </p>
      <CloseButton />
    </>
  );
}

function Device({ row, canTest }: { row: DeviceRowView; canTest: boolean }) {
  const say = useText();
  const send = useSend();
  const id = useId();
  const { role, devices, chosen, used, note, test, found } = row;
  const { label, hint, test: testWords } = words[role];
  const match =
    chosen && (devices.find((each) => each.id === chosen.id) ?? devices.find((each) => each.label === chosen.label));
  const choose = (value: string) => send({ type: 'device.chosen', role, id: value === '' ? null : value });
  return (
    <section className="device" data-role={role} aria-label={say(label)}>
      <label htmlFor={id}>
        <b>{say(label)}</b>
        <span className="faint">{say(hint)}</span>
      </label>
      <div className="device-line">
        <select
          id={id}
          className="input"
          data-dialog-focus={role === 'microphone' ? true : undefined}
          value={match?.id ?? chosen?.id ?? ''}
          title={chosen?.label ?? say(systemDefault)}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">{say(systemDefault)}</option>
          {chosen && !match && (
            <option value={chosen.id}>
              {chosen.label}
              {say(notThere)}
            </option>
          )}
          {devices.map((device) => (
            <option key={device.id} value={device.id}>
              {device.label === '' ? say(unnamed) : device.label}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={`button ${test === 'idle' ? '' : 'on'}`}
          disabled={!canTest}
          aria-pressed={test !== 'idle'}
          onClick={() => send({ type: 'device.tested', role })}
        >
          {say(testWords[test])}
        </button>
      </div>
      <Under>
        {role === 'microphone' && <LevelMeter of="microphone" wide />}
        {note !== null ? (
          <Tag badge={note} />
        ) : (
          used !== '' && (
            <span className="faint clip" title={used}>
              {say(inUse)} {used}
            </span>
          )
        )}
        {found !== null && <span className={`device-found tone-${found.tone}`}>{say(found.text)}</span>}
      </Under>
    </section>
  );
}

/** What changes by itself is also said to a screen reader; its line is always there, so nothing jumps. */
function Under({ children }: { children: ReactNode }) {
  return (
    <div className="device-under" role="status">
      {children}
    </div>
  );
}
