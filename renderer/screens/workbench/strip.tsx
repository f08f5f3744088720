/** The strip never lies: what is wrong says so in words, and what is old says how old. */
import { memo } from 'react';
import type { Text } from '#shared/text.ts';
import { sameView, useLanguage, useNow, useText } from '../../app/context.tsx';
import { age, clockTime } from '../../app/text/time.ts';
import type { StripView, Tone } from '../../app/view.ts';
import { LevelMeter } from '../../components/levelMeter.tsx';
import { Age } from '../../components/pieces.tsx';
import { regionNames } from '../names.ts';

const lineTexts: Readonly<Record<StripView['line']['state'], { text: Text; tone: Tone }>> = {
  registered: { text: { zh: '话机正常', en: 'Line ready' }, tone: 'good' },
  connecting: { text: { zh: '话机连接中', en: 'Line connecting' }, tone: 'warning' },
  fault: { text: { zh: '话机异常', en: 'Line fault' }, tone: 'bad' },
  notConfigured: { text: { zh: '话机未配置', en: 'Line not configured' }, tone: 'bad' },
};

export const StatusStrip = memo(function StatusStrip({ strip, practice }: { strip: StripView; practice: boolean }) {
  const say = useText();
  const zh = useLanguage() === 'zh';
  const line = lineTexts[strip.line.state];
  const lineDetail = strip.line.detail === null ? undefined : say(strip.line.detail);
  const serverDetail = strip.server.detail === null ? undefined : say(strip.server.detail);
  return (
    <section className="strip" aria-label={say(regionNames.status)}>
      <span className="strip-item explained" title={lineDetail}>
        <Dot tone={line.tone} />
        <span>{say(line.text)}</span>
        {strip.line.state !== 'registered' && <Age since={strip.line.since} />}
        {lineDetail !== undefined && <span className="clip strip-detail">{lineDetail}</span>}
      </span>
      <span className="strip-item explained" title={serverDetail}>
        <Dot tone={strip.server.connected ? 'good' : 'warning'} />
        {strip.server.connected ? (
          say({ zh: '后台已连接', en: 'Server connected' })
        ) : (
          <span>
            {say({ zh: '后台已断开', en: 'Server unreachable' })} <Age since={strip.server.since} />
          </span>
        )}
        {serverDetail !== undefined && <span className="clip strip-detail">{serverDetail}</span>}
      </span>
      <span className="strip-item">
        {say({ zh: '待上传', en: 'Unsent' })}
        <b className={strip.unsent.count > 0 ? 'tone-warning' : ''}>{strip.unsent.count}</b>
        {strip.unsent.count > 0 && strip.unsent.oldestAt !== null && (
          <span className="faint">
            {say({ zh: '最早', en: 'oldest' })} <Age since={strip.unsent.oldestAt} />
          </span>
        )}
      </span>
      {strip.leaseUntil !== null && <Lease until={strip.leaseUntil} />}
      <span className="strip-item">
        {say({ zh: '麦克风', en: 'Microphone' })}
        <LevelMeter of="microphone" />
      </span>
      {strip.quality !== null && (
        <span
          className="strip-item explained"
          title={strip.quality.detail === null ? undefined : say(strip.quality.detail)}
        >
          <span className={`tone-${strip.quality.tone}`}>{say(strip.quality.text)}</span>
          {strip.quality.detail !== null && <span className="clip strip-detail">{say(strip.quality.detail)}</span>}
        </span>
      )}
      {strip.clock.unsureMs !== null && (
        <span className="strip-item tone-warning">
          {say({ zh: '时钟可能偏差', en: 'Clock may be off by' })} {age(strip.clock.unsureMs, zh ? 'zh' : 'en')}
        </span>
      )}
      <span className="strip-item right">
        {practice && strip.clock.practice && (
          <span className="tag warning">{say({ zh: '练习时钟', en: 'Practice clock' })}</span>
        )}
        <span className="clip" title={strip.account}>
          {strip.account}
        </span>
        <span>
          {say({ zh: '· 签入', en: '· signed in' })} <Age since={strip.shiftSince} everyMs={20_000} />{' '}
          {zh ? `· 今日 ${strip.callsToday} 通` : `· ${strip.callsToday} calls`}
        </span>
      </span>
    </section>
  );
}, sameView);

function Dot({ tone }: { tone: Tone }) {
  return <span className={`strip-dot ${tone}`} aria-hidden="true" />;
}

function Lease({ until }: { until: number }) {
  const say = useText();
  const left = until - useNow(10_000);
  const tone = left <= 0 ? 'tone-bad' : left < 15 * 60_000 ? 'tone-warning' : '';
  return (
    <span className={`strip-item ${tone}`}>
      {left <= 0 ? say({ zh: '领取已到期', en: 'Lease over since' }) : say({ zh: '领取有效至', en: 'Leased until' })}{' '}
      {clockTime(until)}
    </span>
  );
}
