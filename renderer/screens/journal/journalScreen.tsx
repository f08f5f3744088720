/** 我的日志: every entry with its receipt; what is disputed is explained; nothing here can be changed. */
import './journal.css';
import { useLanguage, useNow, useSend, useText } from '../../app/context.tsx';
import { dayAndTime } from '../../app/text/time.ts';
import { disputeTexts, receiptTexts } from '../../app/text/words.ts';
import type { JournalRowView, JournalView, StripView, Tone } from '../../app/view.ts';
import { Tag } from '../../components/pieces.tsx';
import { Menu } from '../menu.tsx';
import { regionNames } from '../names.ts';
import { Logo } from '../workbench/callBar.tsx';
import { StatusStrip } from '../workbench/strip.tsx';

const receiptTones: Readonly<Record<JournalRowView['state'], Tone>> = {
  waiting: 'info',
  stored: 'good',
  duplicate: 'good',
  disputed: 'warning',
  unreadable: 'bad',
};

export function JournalScreen({
  journal,
  strip,
  practice,
}: {
  journal: JournalView;
  strip: StripView | null;
  practice: boolean;
}) {
  const say = useText();
  const send = useSend();
  return (
    <div className="workbench">
      <header className="bar">
        <Logo />
        <h1>{say(regionNames.journal)}</h1>
        <span className="tag">
          {journal.total} {say({ zh: '条', en: 'entries' })}
        </span>
        {journal.unsent > 0 && (
          <span className="tag warning">
            {say({ zh: '待上传', en: 'Unsent' })} {journal.unsent}
          </span>
        )}
        <span className="right" />
        <button type="button" className="button" onClick={() => send({ type: 'journal.verify' })}>
          {say({ zh: '校验日志', en: 'Verify' })}
        </button>
        <button
          type="button"
          className="button"
          disabled={journal.exporting || journal.unsent === 0}
          onClick={() => send({ type: 'journal.export' })}
        >
          {journal.exporting
            ? say({ zh: '正在导出…', en: 'Exporting…' })
            : say({ zh: '导出未上传', en: 'Export unsent' })}
        </button>
        <button
          type="button"
          className="button primary"
          onClick={() => send({ type: 'screen.chosen', screen: 'workbench' })}
        >
          {say({ zh: '返回工作台', en: 'Back to work' })}
        </button>
        <Menu />
      </header>
      <main className="one-column" data-middle>
        <section className="panel" aria-label={say(regionNames.journal)}>
          <p className="journal-verified line hint" role="status">
            {journal.verified === null
              ? say({
                  zh: '条目只增不改，每条都接着前一条；更正是新的条目。',
                  en: 'Entries are only added, each chained to the one before; a correction is a new entry.',
                })
              : say(journal.verified)}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
          <div className="panel-body" tabIndex={0} data-first-focus>
            {journal.rows.length === 0 ? (
              <p className="panel-empty hint">{say({ zh: '还没有条目。', en: 'No entries yet.' })}</p>
            ) : (
              <Rows journal={journal} />
            )}
            {journal.more && (
              <p className="journal-more">
                <button type="button" className="button" onClick={() => send({ type: 'journal.more' })}>
                  {say({ zh: '加载更早的', en: 'Load older ones' })}
                </button>
              </p>
            )}
          </div>
        </section>
      </main>
      {strip !== null && <StatusStrip strip={strip} practice={practice} />}
    </div>
  );
}

function Rows({ journal }: { journal: JournalView }) {
  const say = useText();
  const language = useLanguage();
  const now = useNow(60_000);
  return (
    <table className="rows journal-rows">
      <thead>
        <tr>
          <th scope="col">{say({ zh: '序号', en: 'No.' })}</th>
          <th scope="col">{say({ zh: '时间', en: 'Time' })}</th>
          <th scope="col">{say({ zh: '条目', en: 'Entry' })}</th>
          <th scope="col">{say({ zh: '任务', en: 'Case' })}</th>
          <th scope="col">{say({ zh: '回执', en: 'Receipt' })}</th>
        </tr>
      </thead>
      <tbody>
        {journal.rows.map((row) => (
          <tr key={row.seq}>
            <td>{row.seq}</td>
            <td>{dayAndTime(row.at, now, language)}</td>
            <td title={row.rule ?? undefined}>
              {say(row.text)}
              {row.reason !== null && <p className="tone-warning">{say(disputeTexts[row.reason])}</p>}
            </td>
            <td className="clip" title={row.caseId ?? undefined}>
              {row.caseId ?? '—'}
            </td>
            <td>
              <Tag badge={{ text: receiptTexts[row.state], tone: receiptTones[row.state] }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
