/** What may stand beside or over the middle: a call that comes in, the keypad, captions in practice, an empty place. */
import { memo, useEffect, useRef } from 'react';
import { caseKindTexts } from '#shared/case/kind.ts';
import { sameView, useSend, useText } from '../../app/context.tsx';
import { listNames } from '../../app/keys.ts';
import type { CallBarView, CallingView, CaptionView, EmptyView, WorkbenchView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { KeyButton } from '../../components/pieces.tsx';
import { regionNames, ui } from '../names.ts';
import { AnswerButton } from './callBar.tsx';

export function EmptyPanel({ empty }: { empty: EmptyView }) {
  const say = useText();
  return (
    <section className="panel middle" aria-label={say(regionNames.empty)}>
      <div className="panel-body nothing" tabIndex={-1} data-first-focus>
        <h2>{say(empty.title)}</h2>
        <p className="hint">{say(empty.sentence)}</p>
      </div>
    </section>
  );
}

export function CallingPanel({ calling }: { calling: CallingView }) {
  const say = useText();
  return (
    <section className="panel middle" aria-label={say(regionNames.calling)}>
      <div className="panel-body calling" tabIndex={-1} data-first-focus>
        <h2>{say(calling.title)}</h2>
        <p className="hint">{say(calling.sentence)}</p>
        {calling.opening !== null && (
          <div>
            <p className="faint">{say({ zh: '接通后先说', en: 'First sentence' })}</p>
            <p className="say">{say(calling.opening)}</p>
          </div>
        )}
      </div>
    </section>
  );
}

export function IncomingCard({
  incoming,
  bar,
  numbers,
}: {
  incoming: NonNullable<WorkbenchView['incoming']>;
  bar: CallBarView;
  numbers: boolean;
}) {
  const say = useText();
  const send = useSend();
  return (
    <section className="floating incoming" aria-label={say(regionNames.incoming)}>
      <header>
        <h2>{say(regionNames.incoming)}</h2>
        <span className="incoming-number">{incoming.number}</span>
        <span className="right" />
        {bar.state === 'incoming' && <AnswerButton bar={bar} />}
        {bar.state === 'incoming' && (
          <KeyButton
            label={say(ui.reject)}
            command="hangUp"
            look="danger"
            disabled={!bar.can.hangUp}
            onPress={() => send({ type: 'hangUp.asked' })}
          />
        )}
      </header>
      {incoming.candidates.length === 0 ? (
        <p className="hint">
          {say({
            zh: '没有匹配的任务：可以接听，按来电登记。',
            en: 'No case has this number: answer it and record it as an incoming call.',
          })}
        </p>
      ) : (
        <Options
          name={listNames.candidates}
          label={say({ zh: '可能的任务', en: 'Possible cases' })}
          look="chips"
          numbers={numbers}
          options={incoming.candidates.map((candidate) => ({
            id: candidate.caseId,
            label: { zh: candidate.name, en: candidate.name },
            hint: {
              zh: `${caseKindTexts[candidate.kind].zh} · ${candidate.contact}`,
              en: `${caseKindTexts[candidate.kind].en} · ${candidate.contact}`,
            },
            chosen: candidate.caseId === incoming.chosen,
          }))}
          onChoose={(caseId) => send({ type: 'candidate.chosen', caseId })}
        />
      )}
      {!numbers && incoming.candidates.length > 0 && (
        <p className="faint">{say({ zh: '按 Alt+数字选择', en: 'Alt+digit chooses' })}</p>
      )}
      <span className="hidden-words" role="alert">
        {say(regionNames.incoming)} {incoming.number}
      </span>
    </section>
  );
}

const keypadKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

export function Keypad({ digits }: { digits: string }) {
  const say = useText();
  const send = useSend();
  return (
    <section className="floating keypad" aria-label={say(regionNames.keypad)}>
      <output className="keypad-digits">{digits === '' ? ' ' : digits}</output>
      <div className="keypad-keys">
        {keypadKeys.map((key) => (
          <button
            type="button"
            className="button"
            key={key}
            onClick={() => send({ type: 'digit.pressed', digit: key })}
          >
            {key}
          </button>
        ))}
      </div>
      <KeyButton label={say(ui.close)} command="leave" onPress={() => send({ type: 'keypad.toggled' })} />
    </section>
  );
}

export const Captions = memo(function Captions({ captions }: { captions: readonly CaptionView[] }) {
  const say = useText();
  const end = useRef<HTMLDivElement>(null);
  const last = captions.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new caption is what scrolls the list
  useEffect(() => {
    if (end.current !== null) end.current.scrollTop = end.current.scrollHeight;
  }, [last]);
  return (
    <section className="panel captions" aria-label={say(regionNames.captions)}>
      <header className="panel-head">
        <h2>{say(regionNames.captions)}</h2>
        <span className="faint">{say({ zh: '仅练习', en: 'practice only' })}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
      <div className="panel-body" ref={end} tabIndex={0} role="log" aria-label={say(regionNames.captions)}>
        {captions.length === 0 && (
          <p className="faint">{say({ zh: '客户说的话会显示在这里。', en: 'What the customer says appears here.' })}</p>
        )}
        {captions.map((caption) => (
          <p key={caption.id} className={caption.mine ? 'mine' : ''}>
            <b>{say(caption.speaker)}</b> {say(caption.text)}
          </p>
        ))}
      </div>
    </section>
  );
}, sameView);
