'use client';
// The model that is open and what it makes of the view. The heavy code is fetched when the first model is chosen.
import { useCallback, useEffect, useRef, useState } from 'react';
import { messageOf, type SubmissionProblem } from '@/lib/errors';
import type { TrainingImage } from '@/lib/playground/images';
import type { OpenedModel, OpenRequest } from '@/lib/playground/messages';
import type { Played } from '@/lib/playground/play';
import type { Playground } from '@/lib/playground/client';
import { settingOf, type View } from './address';

export type Chosen = { name: string; request: OpenRequest };
export type Model = { name: string } & OpenedModel;

type State = {
  model: Model | null;
  images: readonly TrainingImage[];
  /** The model that is being fetched and looked at. */
  opening: string | null;
  refusal: { name: string; problem: SubmissionProblem } | null;
  fault: string | null;
};

const perClass = 4;
const closed: State = { model: null, images: [], opening: null, refusal: null, fault: null };

export function usePlayground(view: View) {
  const [state, setState] = useState<State>(closed);
  const [played, setPlayed] = useState<Played | null>(null);
  const [attacking, setAttacking] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const playground = useRef<Playground | null>(null);
  useEffect(
    () => () => {
      playground.current?.close();
      playground.current = null;
    },
    [],
  );

  const open = useCallback(async ({ name, request }: Chosen) => {
    setState((before) => ({ ...before, opening: name, refusal: null, fault: null }));
    try {
      const [{ startPlayground }, { samples }] = await Promise.all([
        import('@/lib/playground/client'),
        import('@/lib/playground/images'),
      ]);
      if (!playground.current || playground.current.ended()) playground.current = startPlayground();
      const opened = await playground.current.open(request);
      if ('problem' in opened) return setState((before) => ({ ...before, opening: null, refusal: { name, problem: opened.problem } }));
      setPlayed(null);
      setState({ ...closed, model: { name, ...opened }, images: samples(perClass) });
    } catch (error) {
      setState((before) => ({ ...before, opening: null, fault: messageOf(error) }));
    }
  }, []);

  const { model } = state;
  useEffect(() => {
    const thread = playground.current;
    if (!model || !thread) return;
    let left = false;
    const setting = settingOf(view);
    const look = async () => {
      // The picture first: it must follow a finger on the slider, whatever an attack takes.
      const first = await thread.play({ ...setting, attack: null });
      if (left || !first) return;
      setPlayed(first);
      setTrouble(null);
      setAttacking(setting.attack !== null);
      if (!setting.attack) return;
      const whole = await thread.play(setting);
      if (left || !whole) return;
      setPlayed(whole);
      setAttacking(false);
    };
    look().catch((error: unknown) => {
      if (left) return;
      setTrouble(messageOf(error));
      setAttacking(false);
    });
    return () => {
      left = true;
    };
  }, [model, view]);

  return { ...state, played, attacking, trouble, open };
}
