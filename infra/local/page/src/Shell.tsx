// What stands around the page in HubSpot: where one is, and messages that go away by themselves.

import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

import { chooseLanguage } from './language.ts';

interface Message {
  type?: string;
  title?: string;
  message: string;
}

let show: (message: Message) => void = () => undefined;

/** Shows a message for some seconds. */
export function tell(message: Message): void {
  show(message);
}

const SHOWN_MS = 6_000;

export function Shell({ portal, language, children }: { portal: number; language: string; children: ReactNode }) {
  const isSwedish = language === 'sv';
  return (
    <>
      <header className="bar">
        <nav aria-label={isSwedish ? 'Plats' : 'Place'}>
          {isSwedish ? 'Inställningar › Integrationer › Anslutna appar' : 'Settings › Integrations › Connected Apps'}
        </nav>
        <label>
          {isSwedish ? 'Språk' : 'Language'}{' '}
          <select value={language} onChange={(event) => chooseLanguage(event.target.value)}>
            <option value="en">English</option>
            <option value="sv">Svenska</option>
          </select>
        </label>
      </header>
      <main>
        <h1>Kleer for HubSpot</h1>
        <p className="micro">
          {isSwedish
            ? `Sidan som HubSpot visar den, i portal ${portal}, utan HubSpot.`
            : `The page as HubSpot shows it, in portal ${portal}, without HubSpot.`}
        </p>
        {children}
      </main>
      <Messages />
    </>
  );
}

function Messages() {
  const [messages, setMessages] = useState<(Message & { id: number })[]>([]);
  useEffect(() => {
    let last = 0;
    show = (message) => {
      last += 1;
      const id = last;
      setMessages((before) => [...before, { ...message, id }]);
      setTimeout(() => setMessages((before) => before.filter((one) => one.id !== id)), SHOWN_MS);
    };
  }, []);
  return (
    <div className="messages" role="status" aria-live="polite">
      {messages.map((one) => (
        <p key={one.id} className={`message ${one.type ?? 'info'}`}>
          {one.title && <strong>{one.title} </strong>}
          {one.message}
        </p>
      ))}
    </div>
  );
}
