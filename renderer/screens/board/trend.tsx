import type { Board } from '#shared/server/api.ts';
import { useText } from '../../app/context.tsx';
import { clockTime } from '../../app/text/time.ts';

const width = 400;
const height = 96;

/** Points of a line through the values, scaled to the box; a single value is a dot in the middle. */
export function linePoints(values: readonly number[], most: number): string {
  const stepX = values.length > 1 ? (width - 8) / (values.length - 1) : 0;
  return values
    .map((value, index) => {
      const x = values.length > 1 ? 4 + index * stepX : width / 2;
      return `${x.toFixed(1)},${(height - 6 - (value / Math.max(1, most)) * (height - 14)).toFixed(1)}`;
    })
    .join(' ');
}

/** Half hours of today as the server writes them: an instant, or `09:30`. */
const halfHour = (at: string) => (/^\d{2}:\d{2}$/.test(at) ? at : clockTime(Date.parse(at)));

export function Trend({ trend }: { trend: Board['trend'] }) {
  const say = useText();
  const most = Math.max(1, ...trend.map(({ attempts }) => attempts));
  const last = trend.at(-1);
  const words = `${say({ zh: '拨打', en: 'calls' })} ${last?.attempts ?? 0}, ${say({ zh: '接通', en: 'answered' })} ${last?.answered ?? 0}`;
  return (
    <section className="panel" aria-label={say({ zh: '今日走势', en: 'Today’s trend' })}>
      <header className="panel-head">
        <h2>{say({ zh: '今日走势', en: 'Today’s trend' })}</h2>
        <span className="right legend">
          <span className="calls">{say({ zh: '拨打', en: 'calls' })}</span>
          <span className="answered">{say({ zh: '接通', en: 'answered' })}</span>
        </span>
      </header>
      <figure className="trend">
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words}>
          {trend.length === 1 && last !== undefined && (
            <>
              <circle className="calls" cx={width / 2} cy={8} r="3" />
              <circle
                className="answered"
                cx={width / 2}
                cy={height - 6 - (last.answered / most) * (height - 14)}
                r="3"
              />
            </>
          )}
          <polyline
            className="calls"
            points={linePoints(
              trend.map(({ attempts }) => attempts),
              most,
            )}
          />
          <polyline
            className="answered"
            points={linePoints(
              trend.map(({ answered }) => answered),
              most,
            )}
          />
        </svg>
        <figcaption className="faint">
          <span>{trend[0] === undefined ? '' : halfHour(trend[0].at)}</span>
          <span>{say({ zh: `每半小时，最高 ${most}`, en: `each half hour, at most ${most}` })}</span>
          <span>{last === undefined ? '' : halfHour(last.at)}</span>
        </figcaption>
      </figure>
    </section>
  );
}
