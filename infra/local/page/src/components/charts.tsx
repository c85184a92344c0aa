// A chart with bars, stacked by what they are grouped by. Whoever cannot see it reads the same in a table.

import type { Props } from './types.ts';

type Row = Record<string, string | number>;

const COLOURS = ['#00809d', '#c43e00', '#5b4bb5', '#8a6100', '#a83262', '#3c7a33'];

/** One in so many places has its name below, which has the room of all of them. */
const NAMED = 5;

const spelled = (value: number) => value.toLocaleString(document.documentElement.lang === 'sv' ? 'sv-SE' : 'en-GB');

/** The next number that a scale with a middle reads well with: 2, 4, 10, 20, 40, 100 … */
function even(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

export function BarChart({ data, axes, options }: Props) {
  const rows = (Array.isArray(data) ? data : data.data) as Row[];
  const x = axes.x.field as string;
  const y = axes.y.field as string;
  const by = axes.options?.groupFieldByColor as string | undefined;
  // In the order in which the page hands them over: what they are called is in the user's language.
  const places = [...new Set(rows.map((row) => String(row[x])))];
  const groups = by ? [...new Set(rows.map((row) => String(row[by])))] : [''];
  const of = (place: string) => rows.filter((row) => String(row[x]) === place);
  const total = (place: string) => of(place).reduce((sum, row) => sum + Number(row[y]), 0);
  const most = even(Math.max(2, ...places.map(total)));
  const isNamed = (index: number) => (places.length - 1 - index) % NAMED === 0;
  const colour = (row: Row) => COLOURS[groups.indexOf(by ? String(row[by]) : '') % COLOURS.length];
  return (
    <figure className="chart">
      {options?.title && <figcaption>{options.title}</figcaption>}
      <div className="plot" aria-hidden="true">
        <div className="scale">
          <span>{spelled(most)}</span>
          <span>{spelled(most / 2)}</span>
          <span>0</span>
        </div>
        <div className="bars">
          {places.map((place) => (
            <div key={place} className="bar-stack" title={`${place}: ${spelled(total(place))}`}>
              {of(place).map((row, index) => (
                <div key={index} style={{ height: `${(Number(row[y]) / most) * 100}%`, background: colour(row) }} />
              ))}
            </div>
          ))}
        </div>
        <div className="days" style={{ gridTemplateColumns: `repeat(${places.length}, minmax(0, 1fr))` }}>
          {places.map((place, index) =>
            isNamed(index) ? (
              <span key={place} style={{ gridColumn: `${Math.max(1, index + 2 - NAMED)} / ${index + 2}` }}>
                {place}
              </span>
            ) : null,
          )}
        </div>
      </div>
      <div className="legend" aria-hidden="true">
        {groups.map((group, index) => (
          <span key={group}>
            <i style={{ background: COLOURS[index % COLOURS.length] }} /> {group}
          </span>
        ))}
      </div>
      <table className="unseen">
        <tbody>
          {rows.filter((row) => Number(row[y]) > 0).map((row, index) => (
            <tr key={index}>
              <th scope="row">{`${row[x]} ${by ? row[by] : ''}`}</th>
              <td>{row[y]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
