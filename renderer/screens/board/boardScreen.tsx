/** 班长看板: the team's day at a glance; exceptions first, every rate with its denominator. */
import './board.css';
import { type CaseKind, caseKindTexts } from '#shared/case/kind.ts';
import type { Board } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';
import { useSend, useText } from '../../app/context.tsx';
import { clockTime } from '../../app/text/time.ts';
import { exceptionHints, exceptionTexts } from '../../app/text/words.ts';
import type { BoardView, View } from '../../app/view.ts';
import { Age } from '../../components/pieces.tsx';
import { Menu } from '../menu.tsx';
import { regionNames, ui } from '../names.ts';
import { Logo } from '../workbench/callBar.tsx';
import { Agents, Results } from './boardTables.tsx';
import { figuresOf, share } from './figures.ts';
import { Trend } from './trend.tsx';

export function BoardScreen({ board: view, person }: { board: BoardView; person: View['person'] }) {
  const say = useText();
  const send = useSend();
  const { board } = view;
  return (
    <div className="workbench">
      <header className="bar">
        <Logo />
        <h1>{say(regionNames.board)}</h1>
        {board !== null && (
          <span className="tag clip">
            {board.team} · {board.agents.filter(({ signedIn }) => signedIn).length}{' '}
            {say({ zh: '人在班', en: 'on shift' })}
          </span>
        )}
        <span className="right" />
        <span className={view.state === 'stale' ? 'tag bad' : 'hint'} role="status">
          {view.state === 'stale'
            ? say({ zh: '数据已停止更新', en: 'Not up to date' })
            : view.state === 'live'
              ? say({ zh: '数据最新', en: 'Up to date' })
              : say(ui.loading)}
          {view.state === 'stale' && (
            <>
              {' '}
              <Age since={view.since} />
            </>
          )}
        </span>
        {person?.role === 'agent' && (
          <button type="button" className="button" onClick={() => send({ type: 'screen.chosen', screen: 'workbench' })}>
            {say({ zh: '返回工作台', en: 'Back to work' })}
          </button>
        )}
        <Menu />
      </header>
      <main className="board" aria-label={say(regionNames.board)} data-middle>
        {view.problem !== null && (
          <p className="block" role="alert">
            {say(view.problem)}
          </p>
        )}
        {board === null ? (
          <p className="panel-empty hint" role="status">
            {say(view.problem === null ? ui.loading : { zh: '还没有数据。', en: 'No data yet.' })}
          </p>
        ) : (
          <Content board={board} />
        )}
      </main>
      <section className="strip" aria-label={say(regionNames.status)}>
        <span className="strip-item">
          <span className={`strip-dot ${view.state === 'live' ? 'good' : 'warning'}`} aria-hidden="true" />
          {view.state === 'live'
            ? say({ zh: '后台已连接', en: 'Server connected' })
            : say({ zh: '后台已断开', en: 'Server unreachable' })}
        </span>
        {board !== null && (
          <span className="strip-item">
            {say({ zh: '数据时间', en: 'As of' })} {clockTime(Date.parse(board.at), true)}
          </span>
        )}
        <span className="strip-item right">
          <span className="clip" title={person?.name}>
            {person === null ? '' : `${person.account} · ${person.name}`}
          </span>
        </span>
      </section>
    </div>
  );
}

function Content({ board }: { board: Board }) {
  return (
    <>
      <Figures board={board} />
      <div className="board-columns">
        <div className="board-left">
          <Agents board={board} />
          <Results results={board.results} />
        </div>
        <div className="board-right">
          <QueueBars queue={board.queue} />
          <Trend trend={board.trend} />
          <Exceptions exceptions={board.exceptions} />
        </div>
      </div>
    </>
  );
}

function Figures({ board }: { board: Board }) {
  const say = useText();
  const f = figuresOf(board);
  const figures: { label: Text; value: string; tone: string; note: Text }[] = [
    {
      label: { zh: '待办', en: 'Open' },
      value: String(f.open),
      tone: '',
      note: { zh: `今日截止 ${f.dueToday}`, en: `due today ${f.dueToday}` },
    },
    {
      label: { zh: '超时', en: 'Overdue' },
      value: String(f.overdue),
      tone: f.overdue > 0 ? 'tone-bad' : '',
      note: { zh: '按时限', en: 'past the deadline' },
    },
    {
      label: { zh: '核实一致', en: 'Verified' },
      value: String(f.verified),
      tone: 'tone-good',
      note: {
        zh: f.finished === 0 ? '还没有完成的' : `占已完成 ${f.finished} 件的 ${share(f.verified, f.finished)}`,
        en: f.finished === 0 ? 'none finished yet' : `${share(f.verified, f.finished)} of ${f.finished} finished`,
      },
    },
    {
      label: { zh: '单位不符', en: 'Wrong employer' },
      value: String(f.wrongEmployer),
      tone: f.wrongEmployer > 0 ? 'tone-warning' : '',
      note: { zh: `二次核实中 ${f.secondVerification}`, en: `second verification ${f.secondVerification}` },
    },
    {
      label: { zh: '接通率', en: 'Answer rate' },
      value: share(f.answered, f.attempts),
      tone: 'tone-good',
      note: { zh: `接通 ${f.answered} ÷ 外呼 ${f.attempts}`, en: `answered ${f.answered} ÷ calls ${f.attempts}` },
    },
    {
      label: { zh: '时效达标率', en: 'On time' },
      value: share(f.onTime, f.finished, 1),
      tone: 'tone-good',
      note: { zh: `达标 ${f.onTime} ÷ 完成 ${f.finished}`, en: `on time ${f.onTime} ÷ finished ${f.finished}` },
    },
  ];
  return (
    <dl className="figures" aria-label={say({ zh: '今日数字', en: 'Today' })}>
      {figures.map((figure) => (
        <div className="panel figure" key={figure.label.en}>
          <dt>{say(figure.label)}</dt>
          <dd>
            <b className={figure.tone}>{figure.value}</b>
            <span className="faint clip" title={say(figure.note)}>
              {say(figure.note)}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function QueueBars({ queue }: { queue: Board['queue'] }) {
  const say = useText();
  const most = Math.max(1, ...queue.map(({ open }) => open));
  const width = (part: number) => ({ inlineSize: `${(Math.max(0, part) / most) * 100}%` });
  return (
    <section className="panel" aria-label={say({ zh: '按类型的待办', en: 'Open by kind' })}>
      <header className="panel-head">
        <h2>{say(regionNames.queue)}</h2>
        <span className="faint">{say({ zh: '按类型', en: 'by kind' })}</span>
        <span className="right legend">
          <span className="later">{say({ zh: '未截止', en: 'later' })}</span>
          <span className="today">{say({ zh: '今日', en: 'today' })}</span>
          <span className="over">{say({ zh: '超时', en: 'overdue' })}</span>
        </span>
      </header>
      <ul className="queue-bars">
        {queue.map((row) => {
          const label = say(
            row.kind in caseKindTexts ? caseKindTexts[row.kind as CaseKind] : { zh: row.kind, en: row.kind },
          ); // checked by `in`
          return (
            <li
              key={row.kind}
              title={`${label}: ${row.open}, ${say({ zh: '今日', en: 'today' })} ${row.dueToday}, ${say({ zh: '超时', en: 'overdue' })} ${row.overdue}`}
            >
              <span className="clip">{label}</span>
              <span className="stacked" aria-hidden="true">
                <i className="later" style={width(row.open - row.dueToday - row.overdue)} />
                <i className="today" style={width(row.dueToday)} />
                <i className="over" style={width(row.overdue)} />
              </span>
              <span>{row.open}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A call for help is not settled: it ends with the call's result. */
const settleText: Text = { zh: '处理', en: 'Settle' };

function Exceptions({ exceptions }: { exceptions: Board['exceptions'] }) {
  const say = useText();
  const send = useSend();
  return (
    <section className="panel exceptions" aria-label={say({ zh: '需要处理', en: 'To be looked at' })}>
      <header className="panel-head">
        <h2>{say({ zh: '需要处理', en: 'To be looked at' })}</h2>
        <span className="faint">{exceptions.length}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
      <div className="panel-body" tabIndex={0}>
        {exceptions.length === 0 && (
          <p className="panel-empty hint">{say({ zh: '没有需要处理的。', en: 'Nothing to look at.' })}</p>
        )}
        <ol className="timeline">
          {exceptions.map((exception) => (
            <li key={exception.id}>
              <b>{say(exceptionTexts[exception.type])}</b> {exception.respondent ?? exception.caseId ?? ''}
              {exception.agent === null ? '' : ` · ${exception.agent}`} · {say(exceptionHints[exception.type])} ·{' '}
              {clockTime(Date.parse(exception.at))}
              {exception.type === 'HELP' && (
                <>
                  {' '}
                  · {say({ zh: '已等', en: 'waiting' })} <Age since={Date.parse(exception.at)} />
                </>
              )}
              {exception.type !== 'HELP' && (
                <>
                  {' '}
                  <button
                    type="button"
                    className="link"
                    aria-label={`${say(settleText)} · ${say(exceptionTexts[exception.type])} · ${exception.respondent ?? exception.caseId ?? exception.agent ?? ''}`}
                    onClick={() => send({ type: 'exception.settling', id: exception.id })}
                  >
                    {say(settleText)}
                  </button>
                </>
              )}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
