/** 转接: whom to ask or to pass the call on to, and where it stands. It lies over the script; focus goes to it, and back when it closes. */
import { useEffect, useRef } from 'react';
import type { Text } from '#shared/text.ts';
import { useSend, useText, useView } from '../../app/context.tsx';
import { chordLabel, transferChord } from '../../app/keyMap.ts';
import { listNames } from '../../app/keys.ts';
import type { CallBarView, PassingView, Tone, TransferView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { Kbd, KeyButton, Running, ToneTag } from '../../components/pieces.tsx';
import { focusMiddle } from '../focus.ts';
import { regionNames, ui } from '../names.ts';

export const stageTexts: Readonly<Record<PassingView['stage'], { text: Text; tone: Tone }>> = {
  referring: { text: { zh: '正在转接', en: 'Passing on' }, tone: 'info' },
  holding: { text: { zh: '正在保持客户', en: 'Holding the customer' }, tone: 'info' },
  calling: { text: { zh: '正在呼叫同事', en: 'Calling the colleague' }, tone: 'info' },
  ringing: { text: { zh: '同事振铃中', en: 'Rings at the colleague' }, tone: 'info' },
  talking: { text: { zh: '与同事通话中，客户保持中', en: 'With the colleague, customer on hold' }, tone: 'warning' },
  changing: { text: { zh: '正在切换', en: 'Switching' }, tone: 'info' },
  customer: { text: { zh: '与客户通话中，同事保持中', en: 'With the customer, colleague on hold' }, tone: 'good' },
  bothWait: { text: { zh: '两边都在保持，请再切换一次', en: 'Both are on hold: switch again' }, tone: 'bad' },
  joining: { text: { zh: '正在完成转接', en: 'Putting them together' }, tone: 'info' },
};

export function TransferPanel({ transfer, bar }: { transfer: TransferView | null; bar: CallBarView }) {
  const say = useText();
  if (bar.passing === null && transfer === null) return null;
  return (
    <section className="floating transfer" aria-label={say(regionNames.transfer)}>
      {bar.passing !== null ? (
        <Passing passing={bar.passing} bar={bar} />
      ) : (
        transfer !== null && <Choosing transfer={transfer} />
      )}
    </section>
  );
}

function Choosing({ transfer }: { transfer: TransferView }) {
  const say = useText();
  const send = useSend();
  const host = useView((view) => view.host);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector<HTMLElement>('[data-group]')?.focus();
    return () => focusMiddle();
  }, []);
  const { chosen } = transfer;
  return (
    <div ref={place} className="transfer-body">
      <header>
        <h2>{say(regionNames.transfer)}</h2>
        <span className="faint">
          {say({ zh: '只能转给名单上的内部号码', en: 'Only internal numbers of the list' })}
        </span>
        <span className="right" />
        <KeyButton
          label={say(ui.close)}
          command="leave"
          look="plain"
          onPress={() => send({ type: 'transfer.toggled' })}
        />
      </header>
      <Options
        name={listNames.internal}
        label={say({ zh: '内部号码', en: 'Internal numbers' })}
        look="chips"
        numbers
        options={transfer.numbers.map(({ number, name }) => ({
          id: number,
          label: name,
          hint: { zh: number, en: number },
          chosen: number === chosen,
        }))}
        onChoose={(number) => send({ type: 'internal.chosen', number })}
      />
      <div className="transfer-foot">
        <button
          type="button"
          className="button primary"
          disabled={chosen === null}
          onClick={() => chosen !== null && send({ type: 'consult.asked', number: chosen })}
        >
          {say(ui.consult)} <Kbd>Enter</Kbd>
        </button>
        <button
          type="button"
          className="button"
          disabled={chosen === null}
          onClick={() => chosen !== null && send({ type: 'transfer.asked', number: chosen })}
        >
          {say(ui.transferNow)} <Kbd>{chordLabel(transferChord(host), host)}</Kbd>
        </button>
        <span className="hint">
          {say({
            zh: '咨询时客户先保持；直接转接后，本通话随即结束。',
            en: 'Asking first puts the customer on hold; passing on at once ends your call when it is taken.',
          })}
        </span>
      </div>
    </div>
  );
}

function Passing({ passing, bar }: { passing: PassingView; bar: CallBarView }) {
  const say = useText();
  const send = useSend();
  const { text, tone } = stageTexts[passing.stage];
  return (
    <div className="transfer-body">
      <header>
        <h2>{say(regionNames.transfer)}</h2>
        <b className="clip" title={say(passing.name)}>
          {say(passing.name)}
        </b>
        <ToneTag tone={tone}>
          {say(text)} <Running since={passing.since} />
        </ToneTag>
      </header>
      {passing.stage !== 'referring' && (
        <div className="transfer-foot">
          <KeyButton
            label={say(ui.complete)}
            command="transfer"
            look="primary"
            disabled={!bar.can.complete}
            onPress={() => send({ type: 'consult.completed' })}
          />
          <KeyButton
            label={say(passing.stage === 'customer' ? ui.swapToColleague : ui.swapToCustomer)}
            command="hold"
            disabled={!bar.can.swap}
            onPress={() => send({ type: 'consult.swapped' })}
          />
          <KeyButton
            label={say(ui.endConsult)}
            command="hangUp"
            look="danger"
            disabled={!bar.can.cancel}
            onPress={() => send({ type: 'consult.cancelled' })}
          />
        </div>
      )}
      <span className="hidden-words" role="status" aria-live="polite">
        {say(text)}
      </span>
    </div>
  );
}
