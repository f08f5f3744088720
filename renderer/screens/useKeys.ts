/**
 * Feeds keyAction with what the page knows and does what it says. One listener for the whole window, in the capture phase.
 * `<html data-enter>` is `ready` or `waiting`: whether an Enter would act now (for tests, and for the look of the key).
 */
import { useEffect, useRef } from 'react';
import { useSend, useView, useWorkstation } from '../app/context.tsx';
import { enterWaitMs, explains, identityOf, ownChangeMs, sameIdentity } from '../app/enterGuard.ts';
import { type KeyStroke, keyAction } from '../app/keys.ts';
import { focusMiddle, focusOf, moveFocus } from './focus.ts';

function strokeOf(event: KeyboardEvent): KeyStroke {
  return {
    code: event.code,
    key: event.key,
    ctrl: event.ctrlKey,
    shift: event.shiftKey,
    alt: event.altKey,
    meta: event.metaKey,
    repeat: event.repeat,
    composing: event.isComposing || event.keyCode === 229,
  };
}

const isEnter = (event: KeyboardEvent) => event.code === 'Enter' || event.code === 'NumpadEnter';

export function useKeys(): void {
  const { source, lastSent, now } = useWorkstation();
  const send = useSend();
  const identity = useView(identityOf);
  const before = useRef(identity);
  const guard = useRef({
    until: 0,
    enterDown: false,
    heldSince: false,
    timer: undefined as ReturnType<typeof setTimeout> | undefined, // as: there is none at first
  });

  useEffect(() => {
    const was = before.current;
    if (sameIdentity(was, identity)) return;
    before.current = identity;
    const own = lastSent.current;
    const explained = own !== null && performance.now() - own.at < ownChangeMs && explains(own.event, was, identity);
    const enter = document.documentElement.dataset;
    clearTimeout(guard.current.timer);
    if (explained) {
      // What the person asked for is looked at: Enter is meant for it, also soon after something else had changed.
      lastSent.current = null;
      guard.current.until = 0;
      enter.enter = 'ready';
    } else {
      guard.current.until = performance.now() + enterWaitMs;
      guard.current.heldSince = guard.current.enterDown;
      enter.enter = 'waiting';
      guard.current.timer = setTimeout(() => {
        enter.enter = 'ready';
      }, enterWaitMs);
    }
    if (identity.dialog === null) focusMiddle();
  }, [identity, lastSent]);

  useEffect(() => {
    document.documentElement.dataset.enter = 'ready';
    focusMiddle();
    const onKeyDown = (event: KeyboardEvent) => {
      // A menu that is open has the keys.
      if (event.target instanceof Element && event.target.closest('[data-own-keys]') !== null) return;
      const state = guard.current;
      const action = keyAction(source.getView(), strokeOf(event), focusOf(document.activeElement), {
        now: now(),
        enterTooEarly: performance.now() < state.until || state.heldSince,
      });
      if (isEnter(event) && !event.isComposing) state.enterDown = true;
      if (action === 'default') return;
      event.preventDefault();
      event.stopPropagation();
      if (action === 'nothing') return;
      if ('send' in action) send(action.send);
      else moveFocus(action.focus);
    };
    const release = () => {
      guard.current.enterDown = false;
      guard.current.heldSince = false;
    };
    const onKeyUp = (event: KeyboardEvent) => {
      // macOS tells nothing of the keys that are released while Command is down.
      if (isEnter(event) || event.key === 'Meta') release();
    };
    window.addEventListener('keydown', onKeyDown, true);
    window.addEventListener('keyup', onKeyUp, true);
    window.addEventListener('blur', release);
    return () => {
      window.removeEventListener('keydown', onKeyDown, true);
      window.removeEventListener('keyup', onKeyUp, true);
      window.removeEventListener('blur', release);
    };
  }, [source, send, now]);
}
