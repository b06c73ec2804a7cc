'use client';
// A block of code with a button that copies it. Without scripts it is a block of code.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

export function CopyBlock({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <div className="relative rounded-base border border-line bg-sunken">
      <pre tabIndex={0} aria-label={label} className="overflow-x-auto py-3 pr-24 pl-4 text-small">
        <code>{text}</code>
      </pre>
      <button
        type="button"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
        className="absolute top-1.5 right-1.5 inline-flex items-center gap-1.5 rounded-small border border-line bg-surface px-2 py-1 text-micro font-medium hover:border-line-strong"
      >
        <Icon size={12} aria-hidden />
        {copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
