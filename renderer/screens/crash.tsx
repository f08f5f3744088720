/** What stands when the page itself fails: one sentence and a way back. No details: they might name a customer. */
import { Component, type ReactNode } from 'react';
import type { Text } from '#shared/text.ts';

const words = {
  title: { zh: '界面出错', en: 'The screen failed' },
  sentence: {
    zh: '工作台出现意外错误，界面已停止。已保存的记录都在，会照常上传；重新载入后，没填完的结果可以接着填。若仍如此，请联系技术支持。',
    en: 'Something unexpected stopped the workstation. What was saved is safe and will be uploaded; after reloading, an unfinished result can be finished. If it lasts, call support.',
  },
  reload: { zh: '重新载入', en: 'Reload' },
} as const satisfies Record<string, Text>;

/** The language the page last had; the view that knows it may be what failed. */
const say = (text: Text) => (document.documentElement.lang.startsWith('en') ? text.en : text.zh);

export function CrashPage() {
  return (
    <main className="page">
      <section className="card" role="alert" aria-label={say(words.title)}>
        <h1>{say(words.title)}</h1>
        <p>{say(words.sentence)}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          {say(words.reload)}
        </button>
      </section>
    </main>
  );
}

/** A class, for React has no other way to catch what a rendering throws. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    return this.state.crashed ? <CrashPage /> : this.props.children;
  }
}
