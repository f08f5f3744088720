import { memo } from 'react';
import type { Text } from '#shared/text.ts';
import { sameView, useLanguage, useNow, useSend, useText, useView } from '../../app/context.tsx';
import { chordLabel } from '../../app/keyMap.ts';
import { breakReasonTexts, numberSourceTexts } from '../../app/text/words.ts';
import type { CallBarView, Tone } from '../../app/view.ts';
import { LevelMeter } from '../../components/levelMeter.tsx';
import { Kbd, KeyButton, Running, Spoken } from '../../components/pieces.tsx';
import { Menu } from '../menu.tsx';
import { regionNames, ui } from '../names.ts';
import { stageTexts } from './transferPanel.tsx';

const stateTexts: Readonly<Record<CallBarView['state'], { text: Text; tone: Tone }>> = {
  idle: { text: { zh: '空闲', en: 'Available' }, tone: 'neutral' },
  break: { text: { zh: '示忙', en: 'On a break' }, tone: 'warning' },
  dialing: { text: { zh: '正在拨号', en: 'Dialling' }, tone: 'info' },
  ringing: { text: { zh: '振铃中', en: 'Ringing' }, tone: 'info' },
  talking: { text: { zh: '通话中', en: 'Talking' }, tone: 'good' },
  incoming: { text: { zh: '来电', en: 'Incoming call' }, tone: 'info' },
  ending: { text: { zh: '通话已结束', en: 'Call over' }, tone: 'neutral' },
};

const notes = {
  recovering: { zh: '线路中断，正在恢复…', en: 'Line lost, recovering…' },
  heldByUs: { zh: '已保持', en: 'On hold' },
  heldByThem: { zh: '对方保持中', en: 'They put us on hold' },
  muted: { zh: '已静音', en: 'Muted' },
  mutedSpeaking: { zh: '已静音，您在说话', en: 'You are muted' },
  earlyMedia: { zh: '有提示音，请听清', en: 'An announcement: listen' },
  ringLimit: { zh: '已到振铃上限，可以挂断', en: 'Rang long enough, you may hang up' },
  none: { zh: '来源', en: 'source' },
  farLevel: { zh: '对方的音量', en: 'How loud the other side is' },
} as const satisfies Record<string, Text>;

function noteOf(bar: CallBarView): { text: Text; tone: Tone } | null {
  if (bar.recovering) return { text: notes.recovering, tone: 'bad' };
  if (bar.mutedSpeaking) return { text: notes.mutedSpeaking, tone: 'bad' };
  if (bar.passing !== null) return stageTexts[bar.passing.stage];
  if (bar.heldByUs) return { text: notes.heldByUs, tone: 'warning' };
  if (bar.heldByThem) return { text: notes.heldByThem, tone: 'warning' };
  if (bar.muted) return { text: notes.muted, tone: 'warning' };
  if (bar.ringLimitReached) return { text: notes.ringLimit, tone: 'warning' };
  if (bar.earlyMedia && bar.state === 'ringing') return { text: notes.earlyMedia, tone: 'info' };
  return null;
}

export const CallBar = memo(function CallBar({ bar }: { bar: CallBarView }) {
  const say = useText();
  const zh = useLanguage() === 'zh';
  const state = stateTexts[bar.state];
  const note = noteOf(bar);
  const tone = bar.recovering ? 'bad' : bar.heldByUs ? 'warning' : state.tone;
  const reason = bar.breakReason === null ? '' : ` · ${say(breakReasonTexts[bar.breakReason])}`;
  const parts = [
    bar.contactLabel,
    bar.source === null ? '' : `${say(notes.none)}${zh ? ':' : ': '}${say(numberSourceTexts[bar.source])}`,
    bar.attemptNumber === null ? '' : zh ? `第 ${bar.attemptNumber} 次外呼` : `attempt ${bar.attemptNumber}`,
  ].filter(Boolean);
  const details = parts.join(' · ');
  return (
    <section className="bar" aria-label={say(regionNames.bar)}>
      <Logo />
      <div className={`call ${tone}`}>
        <span className="dot" aria-hidden="true" />
        <b className="call-state">
          {say(state.text)}
          {reason} <Running since={bar.since} />
        </b>
        {bar.respondent !== null && (
          <span className="call-who clip" title={bar.respondent}>
            {bar.respondent}
          </span>
        )}
        <span className="call-source" title={details}>
          {bar.number !== null && <span>{bar.number}</span>}
          <span className="clip">{details}</span>
        </span>
        {(bar.state === 'talking' || bar.earlyMedia) &&
          !bar.recovering &&
          (bar.extension === null || note === null) && (
            <span className="far-level" title={say(notes.farLevel)}>
              <LevelMeter of="far" />
            </span>
          )}
        {bar.extension !== null && <Extension extension={bar.extension} alone={note === null} />}
        {note !== null && <span className={`tag ${note.tone}`}>{say(note.text)}</span>}
        <Spoken>
          {say(state.text)}
          {reason}
          {note === null ? '' : `, ${say(note.text)}`}
        </Spoken>
      </div>
      <CallButtons bar={bar} />
      <Menu />
    </section>
  );
}, sameView);

export function Logo() {
  const say = useText();
  return (
    <span className="logo">
      {say(ui.product)}
      <small>{useLanguage() === 'zh' ? 'Huifang' : '回访'}</small>
    </span>
  );
}

function CallButtons({ bar }: { bar: CallBarView }) {
  const say = useText();
  const send = useSend();
  const { can } = bar;
  // While somebody is consulted the panel has these keys.
  const consulting = bar.passing !== null && bar.passing.stage !== 'referring';
  if (bar.state === 'idle' || bar.state === 'break' || (bar.state === 'ending' && !can.hangUp)) {
    const onBreak = bar.state === 'break';
    return (
      <>
        <KeyButton
          label={say(onBreak ? ui.available : ui.busy)}
          command="break"
          look={onBreak ? 'primary' : 'normal'}
          disabled={!onBreak && !can.break}
          onPress={() => send(onBreak ? { type: 'break.ended' } : { type: 'dialog.opened', dialog: 'break' })}
        />
        <KeyButton
          label={say(ui.lock)}
          command="lock"
          disabled={!can.lock}
          onPress={() => send({ type: 'lock.asked' })}
        />
      </>
    );
  }
  if (bar.state === 'incoming') {
    return (
      <>
        <AnswerButton bar={bar} />
        <KeyButton
          label={say(ui.reject)}
          command="hangUp"
          look="danger"
          disabled={!can.hangUp}
          onPress={() => send({ type: 'hangUp.asked' })}
        />
      </>
    );
  }
  return (
    <>
      <KeyButton
        label={say(bar.muted ? ui.unmute : ui.mute)}
        command="mute"
        look={bar.muted ? 'on' : 'normal'}
        disabled={!can.mute}
        onPress={() => send({ type: 'mute.toggled' })}
      />
      {!consulting && (
        <KeyButton
          label={say(bar.heldByUs ? ui.resume : ui.hold)}
          command="hold"
          look={bar.heldByUs ? 'on' : 'normal'}
          disabled={!can.hold}
          onPress={() => send({ type: 'hold.toggled' })}
        />
      )}
      <KeyButton
        label={say(regionNames.keypad)}
        command="keypad"
        disabled={!can.keypad}
        onPress={() => send({ type: 'keypad.toggled' })}
      />
      {bar.can.transfer && (
        <KeyButton
          label={say(regionNames.transfer)}
          command="transfer"
          onPress={() => send({ type: 'transfer.toggled' })}
        />
      )}
      {/* The colleague first: the same place never takes the customer along. */}
      <KeyButton
        label={say(can.cancel ? ui.endConsult : ui.hangUp)}
        command="hangUp"
        look="danger"
        disabled={!can.hangUp}
        onPress={() => send(can.cancel ? { type: 'consult.cancelled' } : { type: 'hangUp.asked' })}
      />
    </>
  );
}

/** Half a second after ringing begins: a key that was on its way to something else must not answer. */
export function AnswerButton({ bar }: { bar: CallBarView }) {
  const say = useText();
  const send = useSend();
  const now = useNow(100);
  const ready = bar.can.answer && bar.answerableFrom !== null && now >= bar.answerableFrom;
  return (
    <KeyButton
      label={say(ui.answer)}
      command="dialOrAnswer"
      look="primary"
      disabled={!ready}
      onPress={() => send({ type: 'answer.asked' })}
    />
  );
}

/** 分机: seen as it is dialled, and dialled again with a key; the key is named where there is room for it. */
function Extension({ extension, alone }: { extension: NonNullable<CallBarView['extension']>; alone: boolean }) {
  const say = useText();
  const send = useSend();
  const host = useView((view) => view.host);
  const { redial } = useView((view) => view.keys);
  const { state, digits, left } = extension;
  const dialled = `${digits}${'○'.repeat(left)}`;
  const words: Text = {
    waiting: { zh: `稍后拨分机 ${dialled}`, en: `Ext. follows ${dialled}` },
    dialling: { zh: `正在拨分机 ${dialled}`, en: `Ext. ${dialled}` },
    dialled: { zh: `分机已拨 ${dialled}`, en: `Ext. ${dialled}` },
  }[state];
  if (state !== 'dialled') return <span className="tag info">{say(words)}</span>;
  return (
    <button
      type="button"
      className="tag good extension"
      title={say(ui.redial)}
      aria-label={`${say(words)} · ${say(ui.redial)}`}
      onClick={() => send({ type: 'extension.redialled' })}
    >
      {say(words)} {alone && <Kbd>{chordLabel(redial[0], host)}</Kbd>}
    </button>
  );
}
