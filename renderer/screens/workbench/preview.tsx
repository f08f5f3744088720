/** 拨前校验: which number, how sure, why now. Every block says its rule; one key dials what two sources agree on. */
import { caseKindTexts } from '#shared/case/kind.ts';
import type { Text } from '#shared/text.ts';
import { useLanguage, useNow, useSend, useText } from '../../app/context.tsx';
import { listNames } from '../../app/keys.ts';
import { dayAndTime } from '../../app/text/time.ts';
import { preNoticeText } from '../../app/text/words.ts';
import type { Badge, PreNoticeView, PreviewView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { Clipped, Group, KeyButton, Tag, ToneTag } from '../../components/pieces.tsx';
import { TypedInput } from '../../components/typedInput.tsx';
import { regionNames, ui } from '../names.ts';

const needTexts: Readonly<Record<PreviewView['needs'], Text>> = {
  NOTHING: { zh: '来源一致，可直接拨打。', en: 'The sources agree: one key dials.' },
  TYPE_NUMBER: { zh: '对照申请表影像逐位输入号码：', en: "Type the number as you read it on the form's image:" },
  SECOND_PERSON: {
    zh: '不能拨打：请班长或另一位坐席确认号码。',
    en: 'Not to be dialled: a second person has to confirm the number.',
  },
};
const decidedText = (account: string): Text => ({
  zh: `号码已由第二人 ${account} 确认，可直接拨打。`,
  en: `The number was confirmed by ${account}: one key dials.`,
});

export function Preview({ preview, active }: { preview: PreviewView; active: string | null }) {
  const say = useText();
  const send = useSend();
  const typing = preview.needs === 'TYPE_NUMBER';
  const facts: { label: Text; value: React.ReactNode }[] = [
    { label: { zh: '来源比对', en: 'Sources' }, value: <Comparison preview={preview} /> },
    { label: { zh: '为何现在', en: 'Why now' }, value: say(preview.whyNow) },
    {
      label: { zh: '允许时段', en: 'Hours' },
      value: <span className={preview.hours.allowed ? '' : 'tone-bad'}>{say(preview.hours.text)}</span>,
    },
    { label: { zh: '第几次', en: 'Attempt' }, value: say(preview.attempt) },
  ];
  return (
    <section className="panel middle" aria-label={say(regionNames.preview)}>
      <header className="panel-head">
        <h2>{say(regionNames.preview)}</h2>
        <Clipped className="faint" text={`${preview.name} · ${say(caseKindTexts[preview.kind])}`} />
        <span className="right" />
        <Tag badge={preview.deadline} />
      </header>
      <div className="panel-body preview" tabIndex={-1} data-first-focus={!typing || undefined}>
        <div>
          <div className="preview-number">{preview.number}</div>
          <div className="hint">{say(preview.contactLabel)}</div>
        </div>
        <dl className="facts">
          {facts.map(({ label, value }) => (
            <div key={label.en}>
              <dt>{say(label)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {preview.blocks.map((block) => (
          <p className="block" role="alert" key={block.rule} title={block.rule}>
            <b>{say({ zh: '已拦截', en: 'Blocked' })}</b> {say(block.sentence)}
          </p>
        ))}
        {preview.hints.map((hint) => (
          <p className="tone-warning" key={hint.en}>
            {say(hint)}
          </p>
        ))}
        <div className="preview-need">
          <p className={preview.needs === 'SECOND_PERSON' ? 'tone-bad' : 'hint'}>
            {say(preview.decidedBy === null ? needTexts[preview.needs] : decidedText(preview.decidedBy))}
          </p>
          {typing && <NumberTyped preview={preview} />}
        </div>
        {preview.preNotice !== null && <PreNotice notice={preview.preNotice} />}
        {preview.others.length > 1 && (
          <Options
            name={listNames.contacts}
            label={say({ zh: '号码', en: 'Numbers' })}
            numbers={active === listNames.contacts}
            options={preview.others.map((other) => ({
              id: other.id,
              label: { zh: `${other.label} ${other.number}`, en: `${other.label} ${other.number}` },
              hint: other.note,
              badge: other.badge,
              chosen: other.selected,
            }))}
            onChoose={(contact) => send({ type: 'contact.chosen', contact })}
          />
        )}
      </div>
      <footer className="panel-foot">
        <KeyButton label={say(ui.skip)} onPress={() => send({ type: 'dialog.opened', dialog: 'skip' })} />
        <span className="right" />
        {preview.needs === 'SECOND_PERSON' && (
          <KeyButton
            label={say({ zh: '第二人确认', en: 'Second person' })}
            command="secondPerson"
            look="primary"
            onPress={() => send({ type: 'secondPerson.asked' })}
          />
        )}
        <KeyButton
          label={say(ui.dial)}
          command="dialOrAnswer"
          look="primary"
          disabled={!preview.canDial}
          onPress={() => send({ type: 'dial.asked' })}
        />
      </footer>
    </section>
  );
}

/** The SMS notice before the first call: a quiet offer, its words before it is confirmed, and what became of it. Nothing waits for it. */
function PreNotice({ notice }: { notice: PreNoticeView }) {
  const say = useText();
  const send = useSend();
  const language = useLanguage();
  const now = useNow(60_000);
  switch (notice.stage) {
    case 'offered':
      return (
        <Group label={say(preNoticeName)} className="pre-notice">
          <p className="hint">
            {say({ zh: '首次外呼前，可先发短信预告。', en: 'Before the first call an SMS can go first.' })}
          </p>
          <KeyButton
            label={say(preNoticeText)}
            command="preNotice"
            onPress={() => send({ type: 'preNotice.opened' })}
          />
        </Group>
      );
    case 'asking':
      return (
        <Group label={say(preNoticeName)} className="pre-notice asking">
          <p className="hint">
            {say({ zh: `将发往 ${notice.number} 的短信：`, en: `The SMS that goes to ${notice.number}:` })}
          </p>
          <p className="pre-notice-words">{say(notice.message)}</p>
          <div className="pre-notice-keys">
            <KeyButton
              label={say({ zh: '确认发送', en: 'Send it' })}
              command="preNotice"
              onPress={() => send({ type: 'preNotice.confirmed' })}
            />
            <KeyButton
              label={say({ zh: '不发送', en: 'Do not send' })}
              command="leave"
              look="plain"
              onPress={() => send({ type: 'preNotice.closed' })}
            />
          </div>
        </Group>
      );
    case 'saving':
      return <PreNoticeState words={say({ zh: '正在保存…', en: 'Saving…' })} />;
    case 'requested':
    case 'sent': {
      const { stage, at, waits } = notice;
      const badge = preNoticeBadges[stage];
      return (
        <PreNoticeState words={waits === null ? '' : say(waits)}>
          <Tag badge={badge} /> <span>{dayAndTime(at, now, language)}</span>
        </PreNoticeState>
      );
    }
  }
}

const preNoticeName: Text = { zh: '短信预告', en: 'SMS notice' };
const preNoticeBadges = {
  requested: { text: { zh: '已请求', en: 'asked for' }, tone: 'info' },
  sent: { text: { zh: '已发送', en: 'sent' }, tone: 'good' },
} as const satisfies Record<string, Badge>;

function PreNoticeState({ words, children }: { words: string; children?: React.ReactNode }) {
  const say = useText();
  return (
    <p className="pre-notice" role="status" aria-label={say(preNoticeName)}>
      <span className="hint">{say(preNoticeName)}</span>
      {children}
      <span className="hint">{words}</span>
    </p>
  );
}

function Comparison({ preview }: { preview: PreviewView }) {
  const say = useText();
  return (
    <span className="comparison-line">
      {preview.comparison.map((each) => (
        <span key={`${each.source.en} ${each.number}`}>
          {say(each.source)} {each.number}{' '}
          {!each.agrees && <ToneTag tone="bad">{say({ zh: '不一致', en: 'differs' })}</ToneTag>}
        </span>
      ))}
      <Tag badge={preview.comparisonBadge} />
    </span>
  );
}

function NumberTyped({ preview }: { preview: PreviewView }) {
  const say = useText();
  const send = useSend();
  return (
    <div className="number-typed">
      {preview.formImage !== null && (
        <img src={preview.formImage} alt={say({ zh: '申请表上的号码', en: 'The number on the form' })} />
      )}
      <TypedInput
        data-key="text"
        data-name="number"
        data-first-focus
        className="input number"
        inputMode="tel"
        maxLength={40}
        aria-label={say({ zh: '对照输入号码', en: 'Number as read' })}
        aria-invalid={preview.typedProblem !== null}
        draft={preview.typed}
        normalise={(text) => text.normalize('NFKC')}
        onDraft={(text) => send({ type: 'number.typed', text })}
      />
      <p className="problem line" role="alert">
        {preview.typedProblem === null ? '' : say(preview.typedProblem)}
      </p>
    </div>
  );
}
