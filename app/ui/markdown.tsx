// Markdown that people wrote, as HTML: never their own HTML, and no address but http, https and mailto.
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

export function Prose({ text }: { text: string }) {
  return (
    <div className="prose">
      <Markdown remarkPlugins={[remarkGfm]} skipHtml>
        {text}
      </Markdown>
    </div>
  );
}
