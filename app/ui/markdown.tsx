// Markdown that people wrote, as HTML: never their own HTML, no picture from elsewhere, no address but http, https and mailto.
import type { ComponentProps } from 'react';
import Markdown, { defaultUrlTransform, type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

/** `under` is the level of the heading that the text stands under: its own begin one below. */
export function Prose({ text, under = 1 }: { text: string; under?: number }) {
  return (
    <div className="prose">
      <Markdown remarkPlugins={[remarkGfm]} skipHtml disallowedElements={['img', 'input']} urlTransform={address} components={lowered(under)}>
        {text}
      </Markdown>
    </div>
  );
}

/** What the library lets through, without its chat protocols. */
function address(url: string): string {
  const safe = defaultUrlTransform(url);
  return /^(irc|ircs|xmpp):/i.test(safe) ? '' : safe;
}

type Heading = 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';

function lowered(under: number): Components {
  const at = (level: number) => {
    const Tag = `h${Math.min(level + under, 6)}` as Heading;
    return function Lowered({ children }: ComponentProps<'h1'>) {
      return <Tag>{children}</Tag>;
    };
  };
  return { h1: at(1), h2: at(2), h3: at(3), h4: at(4), h5: at(5), h6: at(6) };
}
