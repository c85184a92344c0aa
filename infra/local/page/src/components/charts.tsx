// A chart with bars, stacked by what they are grouped by. Whoever cannot see it reads the same in a table.

import type { Props } from './types.ts';

type Row = Record<string, string | number>;

const COLOURS = ['#00809d', '#c43e00', '#5b4bb5', '#8a6100', '#a83262', '#3c7a33'];

export function BarChart({ data, axes, options }: Props) {
  const rows = (Array.isArray(data) ? data : data.data) as Row[];
  const x = axes.x.field as string;
  const y = axes.y.field as string;
  const by = axes.options?.groupFieldByColor as string | undefined;
  const places = [...new Set(rows.map((row) => String(row[x])))].sort();
  const groups = by ? [...new Set(rows.map((row) => String(row[by])))] : [''];
  const of = (place: string) => rows.filter((row) => String(row[x]) === place);
  const total = (place: string) => of(place).reduce((sum, row) => sum + Number(row[y]), 0);
  const most = Math.max(1, ...places.map(total));
  const colour = (row: Row) => COLOURS[groups.indexOf(by ? String(row[by]) : '') % COLOURS.length];
  return (
    <figure className="chart">
      {options?.title && <figcaption>{options.title}</figcaption>}
      <div className="bars" aria-hidden="true">
        {places.map((place) => (
          <div key={place} className="bar-place" title={`${place}: ${total(place)}`}>
            <div className="bar-stack">
              {of(place).map((row, index) => (
                <div key={index} style={{ height: `${(Number(row[y]) / most) * 100}%`, background: colour(row) }} />
              ))}
            </div>
            <span>{place.slice(5)}</span>
          </div>
        ))}
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
          {rows.map((row, index) => (
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
