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
    <div className="rounded-base border border-line bg-sunken">
      <div className="flex items-center justify-between gap-4 border-b border-line py-1 pr-1 pl-4 text-micro text-muted">
        {label}
        <button
          type="button"
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
          className="inline-flex items-center gap-1.5 rounded-small px-2 py-1 font-medium hover:bg-line hover:text-ink"
        >
          <Icon size={12} aria-hidden />
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <pre tabIndex={0} aria-label={label} className="overflow-x-auto px-4 py-3 text-small">
        <code>{text}</code>
      </pre>
    </div>
  );
}
