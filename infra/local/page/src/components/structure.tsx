// What holds other things: tabs, tables, lists, tiles.

import { Children, createContext, useContext, useEffect, useRef, useState } from 'react';

import type { Props } from './types.ts';
import { names, size } from './types.ts';

interface TabInfo {
  id: string;
  title: string;
  disabled: boolean;
  tooltip?: string;
}

interface TabList {
  selected: string;
  put(tab: TabInfo): void;
}

const TabContext = createContext<TabList>({ selected: '', put: () => undefined });

/** Tabs say themselves what they are called, because the page may change it while they are there. */
export function Tabs({ selected, defaultSelected, onSelectedChange, children }: Props) {
  const [own, setOwn] = useState(String(defaultSelected ?? ''));
  const [tabs, setTabs] = useState<TabInfo[]>([]);
  const list = useRef<HTMLDivElement>(null);
  const current = String(selected ?? own);
  const put = (tab: TabInfo) =>
    setTabs((before) => {
      const place = before.findIndex((one) => one.id === tab.id);
      return place < 0 ? [...before, tab] : before.map((one) => (one.id === tab.id ? tab : one));
    });
  const select = (id: string) => {
    setOwn(id);
    onSelectedChange?.(id);
  };
  const move = (by: number) => {
    const able = tabs.filter((tab) => !tab.disabled);
    const next = able[(able.findIndex((tab) => tab.id === current) + by + able.length) % able.length];
    if (!next) return;
    select(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <TabContext.Provider value={{ selected: current, put }}>
      <div
        className="tabs"
        role="tablist"
        ref={list}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') move(1);
          if (event.key === 'ArrowLeft') move(-1);
        }}
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`tab-${tab.id}`}
            data-tab={tab.id}
            aria-selected={tab.id === current}
            aria-controls={`panel-${tab.id}`}
            tabIndex={tab.id === current ? 0 : -1}
            disabled={tab.disabled}
            title={tab.tooltip}
            onClick={() => select(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      {children}
    </TabContext.Provider>
  );
}

export function Tab({ tabId, title, disabled, tooltip, children }: Props) {
  const { selected, put } = useContext(TabContext);
  const id = String(tabId);
  useEffect(() => {
    put({ id, title, disabled: Boolean(disabled), tooltip });
    // The list of tabs takes the same thing twice for one.
  }, [id, title, disabled, tooltip]);
  return (
    <section role="tabpanel" id={`panel-${id}`} aria-labelledby={`tab-${id}`} hidden={selected !== id}>
      {children}
    </section>
  );
}

export function Table(props: Props) {
  const { bordered, density, paginated, pageCount, page, onPageChange, children, testId } = props;
  const [own, setOwn] = useState(1);
  const current = Number(page ?? own);
  const turn = (to: number) => {
    setOwn(to);
    onPageChange?.(to);
  };
  return (
    <div className="table" data-test-id={testId} tabIndex={0}>
      <table className={names(bordered && 'bordered', density)}>{children}</table>
      {paginated && pageCount > 1 && (
        <nav className="pager" aria-label="1 2 3">
          <button type="button" disabled={current <= 1} aria-label="‹" onClick={() => turn(current - 1)}>
            ‹
          </button>
          <span>{`${current} / ${pageCount}`}</span>
          <button type="button" disabled={current >= pageCount} aria-label="›" onClick={() => turn(current + 1)}>
            ›
          </button>
        </nav>
      )}
    </div>
  );
}

export const TableHead = ({ children }: Props) => <thead>{children}</thead>;
export const TableBody = ({ children }: Props) => <tbody>{children}</tbody>;
export const TableRow = ({ children }: Props) => <tr>{children}</tr>;
export const TableHeader = ({ children, align }: Props) => (
  <th scope="col" style={{ textAlign: align }}>
    {children}
  </th>
);
export const TableCell = ({ children, align, colSpan }: Props) => (
  <td style={{ textAlign: align }} colSpan={colSpan}>
    {children}
  </td>
);

export function Accordion({ title, open, defaultOpen, disabled, onClick, children }: Props) {
  const [own, setOwn] = useState(Boolean(defaultOpen));
  const isOpen = Boolean(open ?? own);
  const press = () => {
    setOwn(!isOpen);
    onClick?.();
  };
  return (
    <div className="accordion">
      <button type="button" aria-expanded={isOpen} disabled={disabled} onClick={press}>
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {title}
      </button>
      {isOpen && <div>{children}</div>}
    </div>
  );
}

export function Flex({ direction, justify, align, gap, wrap, children, testId }: Props) {
  const className = names(
    'flex',
    direction === 'column' && 'column',
    justify && `justify-${justify}`,
    `align-${align ?? 'stretch'}`,
    `gap-${size(gap, 'flush')}`,
    Boolean(wrap) && wrap !== 'nowrap' && 'wrap',
  );
  return (
    <div className={className} data-test-id={testId}>
      {children}
    </div>
  );
}

/** As many columns of a width as there is room for. */
export const AutoGrid = ({ columnWidth, flexible, gap, children, testId }: Props) => (
  <div
    className={names('grid', `gap-${size(gap) ?? 'md'}`)}
    style={{ gridTemplateColumns: `repeat(auto-fill, minmax(min(${columnWidth}px, 100%), ${flexible ? '1fr' : `${columnWidth}px`}))` }}
    data-test-id={testId}
  >
    {children}
  </div>
);

export const Tile = ({ children, testId }: Props) => (
  <div className="tile" data-test-id={testId}>
    {children}
  </div>
);
export const Divider = () => <hr />;

export const DescriptionList = ({ direction, children }: Props) => (
  <dl className={direction === 'row' ? 'row' : undefined}>{children}</dl>
);
export const DescriptionListItem = ({ label, children }: Props) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

export const Statistics = ({ children }: Props) => <div className="statistics">{children}</div>;
export const StatisticsItem = ({ label, number, children }: Props) => (
  <div>
    <span className="micro">{label}</span>
    <strong>{number}</strong>
    {Children.count(children) > 0 && children}
  </div>
);
