import { type CallResult, callResultFacts } from '#shared/call/callResult.ts';
import { type DispositionCode, dispositions } from '#shared/disposition/disposition.ts';
import { breakReasons } from '#shared/journal/entry.ts';
import type { Board } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';
import { useLanguage, useNow, useText } from '../../app/context.tsx';
import { stepWords } from '../../app/text/steps.ts';
import { age, clockTime, runningTime } from '../../app/text/time.ts';
import { breakReasonTexts, exceptionTexts, presenceTexts } from '../../app/text/words.ts';
import type { Tone } from '../../app/view.ts';
import { ToneTag } from '../../components/pieces.tsx';
import { type AgentRow, agentState, callsForHelp, orderedAgents } from './figures.ts';

const presenceTones: Readonly<Record<NonNullable<AgentRow['state']>, Tone>> = {
  AVAILABLE: 'good',
  ON_CALL: 'good',
  WRAP_UP: 'warning',
  BREAK: 'neutral',
  PREVIEW: 'info',
};

function stateOf(agent: AgentRow): { text: Text; tone: Tone } {
  const state = agentState(agent);
  if (state === 'signedOut') return { text: { zh: '已签出', en: 'Signed out' }, tone: 'neutral' };
  if (state === 'lost') return { text: { zh: '连接中断', en: 'Connection lost' }, tone: 'bad' };
  if (state === 'offlineWork') return { text: { zh: '断开工作', en: 'Works offline' }, tone: 'info' };
  const reason = breakReasons.find((each) => each === agent.breakReason);
  if (agent.state === 'BREAK' && reason !== undefined) return { text: breakReasonTexts[reason], tone: 'neutral' };
  return agent.state === null
    ? { text: { zh: '未知', en: 'Unknown' }, tone: 'neutral' }
    : { text: presenceTexts[agent.state], tone: presenceTones[agent.state] };
}

export function Agents({ board }: { board: Pick<Board, 'agents' | 'exceptions'> }) {
  const { agents, exceptions } = board;
  const say = useText();
  const language = useLanguage();
  const now = useNow(1000);
  const offline = agents.filter((agent) => agentState(agent) === 'offlineWork');
  const lost = agents.filter((agent) => agentState(agent) === 'lost').length;
  const waiting = offline.reduce((total, { unsent }) => total + unsent, 0);
  const since = (at: string | null) => (at === null ? '—' : runningTime(now - Date.parse(at)));
  return (
    <section className="panel agents" aria-label={say({ zh: '坐席', en: 'Agents' })}>
      <header className="panel-head">
        <h2>{say({ zh: '坐席', en: 'Agents' })}</h2>
        <span className="faint">{agents.length}</span>
        <span className="right" />
        {offline.length > 0 && (
          <ToneTag tone="info">
            {say({
              zh: `后台断开仍在工作 ${offline.length} · 待上传 ${waiting}`,
              en: `offline ${offline.length} · unsent ${waiting}`,
            })}
          </ToneTag>
        )}
        {lost > 0 && <ToneTag tone="bad">{say({ zh: `连接中断 ${lost}`, en: `lost ${lost}` })}</ToneTag>}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
      <div className="panel-body" tabIndex={0} data-first-focus>
        <table className="rows">
          <Headings
            texts={[
              { zh: '工号', en: 'Account' },
              { zh: '姓名', en: 'Name' },
              { zh: '状态', en: 'State' },
              { zh: '已持续', en: 'For' },
              { zh: '正在', en: 'At' },
              { zh: '待上传', en: 'Unsent' },
              { zh: '最后联系', en: 'Last heard' },
            ]}
          />
          <tbody>
            {orderedAgents(board).map((agent) => {
              const state = stateOf(agent);
              const step = agent.step === null ? null : say(stepWords(agent.step));
              const doing = [agent.respondent, step].filter((part) => part !== null).join(' · ');
              return (
                <tr key={agent.account}>
                  <td className="clip" title={agent.account}>
                    {agent.account}
                  </td>
                  <td className="clip" title={agent.name}>
                    {agent.name}
                  </td>
                  <td>
                    <ToneTag tone={state.tone}>{say(state.text)}</ToneTag>{' '}
                    {callsForHelp(agent, exceptions) && <ToneTag tone="bad">{say(exceptionTexts.HELP)}</ToneTag>}
                  </td>
                  <td>{since(agent.since)}</td>
                  <td className="clip" title={doing}>
                    {doing === '' ? '—' : doing}
                  </td>
                  <td>
                    <b className={agent.unsent > 0 ? 'tone-warning' : ''}>{agent.unsent}</b>
                    {agent.oldestUnsentAt !== null && agent.unsent > 0 && (
                      <span className="faint"> {age(now - Date.parse(agent.oldestUnsentAt), language)}</span>
                    )}
                  </td>
                  <td>{agent.lastHeardAt === null ? '—' : age(now - Date.parse(agent.lastHeardAt), language)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {agents.length === 0 && (
          <p className="panel-empty hint">{say({ zh: '没有坐席签入。', en: 'Nobody is signed in.' })}</p>
        )}
      </div>
    </section>
  );
}

const unknown = (word: string): Text => ({ zh: word, en: word });
const callResultText = (code: string): Text =>
  code in callResultFacts ? callResultFacts[code as CallResult].text : unknown(code); // checked by `in`; a newer server may know more
function dispositionText(code: string, sub: string | null): Text {
  if (!(code in dispositions)) return unknown(code);
  const { text, subCodes } = dispositions[code as DispositionCode]; // checked by `in`
  const reason = sub === null ? undefined : (subCodes?.[sub] ?? unknown(sub));
  return reason === undefined ? text : { zh: `${text.zh} · ${reason.zh}`, en: `${text.en} · ${reason.en}` };
}

export function Results({ results }: { results: Board['results'] }) {
  const say = useText();
  return (
    <section className="panel results" aria-label={say({ zh: '最新结果', en: 'Newest results' })}>
      <header className="panel-head">
        <h2>{say({ zh: '最新结果', en: 'Newest results' })}</h2>
        <span className="faint">{results.length}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
      <div className="panel-body" tabIndex={0}>
        <table className="rows">
          <Headings
            texts={[
              { zh: '时间', en: 'Time' },
              { zh: '客户', en: 'Customer' },
              { zh: '任务', en: 'Case' },
              { zh: '坐席', en: 'Agent' },
              { zh: '外呼结果', en: 'Call' },
              { zh: '回访结果', en: 'Result' },
            ]}
          />
          <tbody>
            {results.map((result) => {
              const outcome = result.disposition === null ? '—' : say(dispositionText(result.disposition, result.sub));
              return (
                <tr key={`${result.at} ${result.caseId}`}>
                  <td>{clockTime(Date.parse(result.at), true)}</td>
                  <td className="clip" title={result.respondent}>
                    {result.respondent}
                  </td>
                  <td className="clip" title={result.caseId}>
                    {result.caseId}
                  </td>
                  <td>{result.agent}</td>
                  <td>{say(callResultText(result.callResult))}</td>
                  <td className="clip" title={outcome}>
                    {outcome}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {results.length === 0 && (
          <p className="panel-empty hint">{say({ zh: '今天还没有结果。', en: 'No results yet today.' })}</p>
        )}
      </div>
    </section>
  );
}

function Headings({ texts }: { texts: readonly Text[] }) {
  const say = useText();
  return (
    <thead>
      <tr>
        {texts.map((heading) => (
          <th scope="col" key={heading.en}>
            {say(heading)}
          </th>
        ))}
      </tr>
    </thead>
  );
}
