import { memo, useEffect, useRef, useState } from 'react';
import { caseKindTexts } from '#shared/case/kind.ts';
import { sameView, useSend, useText, useView } from '../../app/context.tsx';
import { chordLabel } from '../../app/keyMap.ts';
import type { QueueItemView, QueueView } from '../../app/view.ts';
import { Group, Kbd, Tag, ToneTag } from '../../components/pieces.tsx';
import { TypedInput } from '../../components/typedInput.tsx';
import { regionNames } from '../names.ts';
import { MissedCalls } from './missedCalls.tsx';

/** Rows drawn at first, and more with each time the end comes near: a thousand rows cost every change of the page some 100 ms. */
const rowsAtOnce = 60;

export const Queue = memo(function Queue({ queue }: { queue: QueueView }) {
  const say = useText();
  const send = useSend();
  const host = useView((view) => view.host);
  const { finder } = useView((view) => view.keys);
  const items = queue.groups.reduce((sum, group) => sum + group.items.length, 0);
  const { drawn, end } = useDrawn(items, queue.search);
  let left = drawn;
  return (
    <section className="panel queue" aria-label={say(regionNames.queue)}>
      <header className="panel-head">
        <h2>{say({ zh: '今日任务', en: 'Today' })}</h2>
        <span className="faint">{queue.total}</span>
        <span className="right" />
        {queue.overdue > 0 && (
          <ToneTag tone="bad">
            {say({ zh: '超时', en: 'Overdue' })} {queue.overdue}
          </ToneTag>
        )}
      </header>
      <div className="queue-search">
        <TypedInput
          data-key="search"
          data-name="search"
          aria-label={say({ zh: '搜索队列', en: 'Search the queue' })}
          placeholder={say({ zh: '尾号、拼音、回访编号', en: 'Digits, initials, case' })}
          draft={queue.search}
          maxLength={60}
          onDraft={(text) => send({ type: 'queue.searched', text })}
        />
        <Kbd>{chordLabel(finder[0], host)}</Kbd>
      </div>
      <div className="panel-body queue-list">
        {queue.empty !== null && <p className="queue-empty hint">{say(queue.empty)}</p>}
        <MissedCalls missed={queue.missed} />
        {queue.groups.map((group) => {
          const rows = group.items.slice(0, left);
          left -= rows.length;
          return rows.length === 0 ? null : (
            <Group key={group.id} label={say(group.label)}>
              <div className="queue-group" aria-hidden="true">
                <span>{say(group.label)}</span>
                <span>{group.items.length}</span>
              </div>
              {rows.map((item) => (
                <Row key={item.caseId} item={item} />
              ))}
            </Group>
          );
        })}
        {drawn < items && <div ref={end} className="queue-end" aria-hidden="true" />}
      </div>
    </section>
  );
}, sameView);

/** How many rows are drawn now. `end` stands below the last one: when it comes near, more are drawn; another search begins anew. */
function useDrawn(items: number, search: string) {
  const [drawn, setDrawn] = useState(rowsAtOnce);
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search is another list
  useEffect(() => setDrawn(rowsAtOnce), [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: watched anew after each step, for an end that is still near says nothing
  useEffect(() => {
    if (end.current === null) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) setDrawn((before) => before + rowsAtOnce);
      },
      { root: end.current.parentElement, rootMargin: '400px' },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [drawn, drawn < items]);
  return { drawn, end };
}

const Row = memo(function Row({ item }: { item: QueueItemView }) {
  const say = useText();
  const send = useSend();
  const line = say(item.line);
  return (
    <button
      type="button"
      className="queue-row"
      data-key="queue"
      data-name={item.caseId}
      aria-current={item.selected ? 'true' : undefined}
      aria-label={`${item.name} · ${say(caseKindTexts[item.kind])}${item.badge === null ? '' : ` · ${say(item.badge.text)}`}`}
      onClick={() => send({ type: 'case.chosen', caseId: item.caseId })}
    >
      <b className="clip" title={item.name}>
        {item.name}
      </b>
      {item.badge !== null && <Tag badge={item.badge} />}
      <i className="clip" title={line}>
        {line}
      </i>
    </button>
  );
}, sameView);
