// The desk's overview is being laid out.
import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Desk' };

export default function DeskPage() {
  return <h1 className="text-display font-semibold">Desk</h1>;
}
