import { memo } from 'react';
import { caseKindTexts } from '#shared/case/kind.ts';
import { sameView, useLanguage, useNow, useSend, useText } from '../../app/context.tsx';
import { dayAndTime } from '../../app/text/time.ts';
import type { CasePanelView } from '../../app/view.ts';
import { Clipped, Tag } from '../../components/pieces.tsx';
import { regionNames } from '../names.ts';

export const CasePanel = memo(function CasePanel({ panel }: { panel: CasePanelView | null }) {
  const say = useText();
  if (panel === null)
    return (
      <section className="panel case" aria-label={say(regionNames.case)}>
        <header className="panel-head">
          <h2>{say(regionNames.case)}</h2>
        </header>
        <p className="panel-empty hint">{say({ zh: '没有选中的任务。', en: 'No case chosen.' })}</p>
      </section>
    );
  return (
    <section className="panel case" aria-label={say(regionNames.case)} data-case={panel.caseId}>
      <header className="panel-head">
        <h2 className="clip" title={panel.name}>
          {panel.name}
        </h2>
        <Clipped className="faint case-id" text={panel.caseId} />
        <span className="right" />
        <span className="tag" title={say(caseKindTexts[panel.kind])}>
          {say(caseKindTexts[panel.kind])}
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
      <div className="panel-body" tabIndex={0}>
        {panel.tags.length > 0 && (
          <div className="case-tags">
            {panel.tags.map((tag) => (
              <span className="tag" key={tag.en}>
                {say(tag)}
              </span>
            ))}
          </div>
        )}
        <Facts panel={panel} />
        <Contacts panel={panel} />
        <History panel={panel} />
      </div>
    </section>
  );
}, sameView);

function Facts({ panel }: { panel: CasePanelView }) {
  const say = useText();
  const hidden = { text: { zh: '回答后显示', en: 'after answer' }, tone: 'neutral' } as const;
  return (
    <dl className="case-facts">
      <div>
        <dt>{say({ zh: '经办网点', en: 'Branch' })}</dt>
        <dd title={panel.branch}>{panel.branch}</dd>
        <dd className="case-badge" />
      </div>
      <div>
        <dt>{say({ zh: '客户经理', en: 'Manager' })}</dt>
        <dd title={panel.accountManager}>{panel.accountManager}</dd>
        <dd className="case-badge" />
      </div>
      <div>
        <dt>{say({ zh: '授权', en: 'Authorised' })}</dt>
        <dd className={`tone-${panel.authorisation.tone}`} title={say(panel.authorisation.text)}>
          {say(panel.authorisation.text)}
        </dd>
        <dd className="case-badge" />
      </div>
      <div>
        <dt>{say({ zh: '时限', en: 'Deadline' })}</dt>
        <dd className={`tone-${panel.deadline.tone}`} title={say(panel.deadline.text)}>
          {say(panel.deadline.text)}
        </dd>
        <dd className="case-badge" />
      </div>
      {panel.rows.map((row) => (
        <div key={row.topic}>
          <dt title={say(row.label)}>{say(row.label)}</dt>
          <dd className={row.value === null ? 'case-hidden' : ''} title={row.value ?? undefined}>
            {row.value ?? '●●●●●'}
          </dd>
          <dd className="case-badge">
            <Tag
              badge={
                row.state ??
                (row.value === null ? hidden : { text: { zh: '申请信息', en: 'on file' }, tone: 'neutral' })
              }
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Contacts({ panel }: { panel: CasePanelView }) {
  const say = useText();
  const send = useSend();
  return (
    <>
      <h3 className="case-part">
        <span>{say({ zh: '号码', en: 'Numbers' })}</span>
        <span>{say({ zh: '来源 · 状态', en: 'Source · status' })}</span>
      </h3>
      <ul className="contacts">
        {panel.contacts.map((contact) => (
          <li key={contact.id}>
            <span className="contact-number">
              <Clipped text={`${contact.label} ${contact.number}`} />
              {contact.masked && (
                <button
                  type="button"
                  className="link"
                  aria-label={`${say({ zh: '查看完整号码', en: 'Show the whole number' })}: ${contact.label}`}
                  onClick={() => send({ type: 'number.unmasked', contact: contact.id })}
                >
                  {say({ zh: '查看', en: 'Show' })}
                </button>
              )}
            </span>
            <Tag badge={contact.status} />
            <Clipped className="hint small" text={say(contact.sources)} />
            {contact.slot !== null && <Clipped className="hint small slot" text={say(contact.slot)} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function History({ panel }: { panel: CasePanelView }) {
  const say = useText();
  const language = useLanguage();
  const now = useNow(60_000);
  return (
    <>
      <h3 className="case-part">
        <span>{say({ zh: '往来记录', en: 'History' })}</span>
        <span>{panel.history.length}</span>
      </h3>
      <ol className="timeline">
        {panel.history.map((line) => (
          <li key={`${line.at} ${line.text.en}`}>
            <b>{dayAndTime(line.at, now, language)}</b> {say(line.text)}
          </li>
        ))}
      </ol>
    </>
  );
}
